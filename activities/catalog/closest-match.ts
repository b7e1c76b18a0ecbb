import { distance } from 'fastest-levenshtein';

const sortLetters = (word: string): string => [...word].sort().join('');

/** Edit distance, where two swapped letters count as one typing error instead of two. */
const countTypos = (given: string, word: string): number => {
  const edits = distance(given, word);
  return edits === 2 && sortLetters(given) === sortLetters(word) ? 1 : edits;
};

/**
 * The known word that a person probably meant, or null if none is close. A unique word with this
 * beginning wins; otherwise at most a third of the letters may differ. Case does not matter.
 */
export const closestMatch = (given: string, known: readonly string[]): string | null => {
  const typed = given.toLowerCase();
  const withPrefix = typed.length >= 2 ? known.filter((word) => word.toLowerCase().startsWith(typed)) : [];
  if (withPrefix.length === 1) return withPrefix[0] ?? null;
  const [best] = known
    .map((word) => ({ word, typos: countTypos(typed, word.toLowerCase()) }))
    .sort((one, other) => one.typos - other.typos);
  return best && best.typos <= Math.max(1, Math.floor(best.word.length / 3)) ? best.word : null;
};

/**
 * The known words that resemble the given one, the closest first. Words that contain it come first;
 * otherwise up to half of the letters may differ. Case does not matter.
 */
export const closestMatches = (
  given: string,
  known: readonly string[],
  maxCount: number,
): readonly string[] => {
  const maxEdits = Math.max(3, Math.ceil(given.length / 2));
  return known
    .map((word) => ({
      word,
      edits: word.includes(given) ? 1 : distance(given.toLowerCase(), word.toLowerCase()),
    }))
    .filter(({ edits }) => edits <= maxEdits)
    .sort((one, other) => one.edits - other.edits)
    .slice(0, maxCount)
    .map(({ word }) => word);
};
