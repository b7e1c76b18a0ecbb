import { distance } from 'fastest-levenshtein';

const plain = (name: string): string => name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
const letters = (name: string): string => [...plain(name)].sort().join('');

/** So long a name is not two letters away from another by chance; GITLAB_TOKEN and GITHUB_TOKEN are. */
const longName = 14;

/** A letter or two off, two swapped, or another case or other underscores: a slip, not another name. */
const isMisspelt = (given: string, known: string): boolean => {
  if (plain(given) === plain(known)) return true;
  if (known.length < 8) return false;
  const apart = distance(given.toUpperCase(), known.toUpperCase());
  return apart === 1 || (apart === 2 && (known.length >= longName || letters(given) === letters(known)));
};

/** Variables that are set under a name that only a slip of the finger tells from a known one that is unset. */
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
