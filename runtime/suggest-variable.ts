import { distance } from 'fastest-levenshtein';

const plain = (name: string): string => name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
const letters = (name: string): string => [...plain(name)].sort().join('');

/** Shorter names can differ in two letters on purpose, as GITLAB_TOKEN and GITHUB_TOKEN do. */
const minLengthForTwoTypos = 14;

/** True for one or two typos, two swapped letters, another case or other underscores. */
const isMisspelt = (given: string, known: string): boolean => {
  if (plain(given) === plain(known)) return true;
  if (known.length < 8) return false;
  const typos = distance(given.toUpperCase(), known.toUpperCase());
  if (typos === 1) return true;
  return typos === 2 && (known.length >= minLengthForTwoTypos || letters(given) === letters(known));
};

/** Problems for variables whose names look like typos of known variables that are unset. */
export const findMisspelledVariables = (
  env: Readonly<Record<string, string>>,
  known: readonly string[],
): readonly string[] => {
  const names = new Set(known);
  const missing = known.filter((name) => env[name] === undefined);
  return Object.keys(env)
    .filter((given) => !names.has(given))
    .flatMap((given) => {
      const meant = missing.find((name) => isMisspelt(given, name));
      return meant ? [`${given} is not a known variable; did you mean ${meant}?`] : [];
    });
};
