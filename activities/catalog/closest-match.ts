import { distance } from 'fastest-levenshtein';

const letters = (word: string): string => [...word].sort().join('');

/** Two swapped letters are one slip of the finger, not two. */
const slips = (given: string, word: string): number => {
  const apart = distance(given, word);
  return apart === 2 && letters(given) === letters(word) ? 1 : apart;
};

/** The known word that was probably meant, or null when none is close. */
export const closestMatch = (given: string, known: readonly string[]): string | null => {
  const wanted = given.toLowerCase();
  const begun = wanted.length >= 2 ? known.filter((word) => word.toLowerCase().startsWith(wanted)) : [];
  if (begun.length === 1) return begun[0] ?? null;
  const [best] = known
    .map((word) => ({ word, apart: slips(wanted, word.toLowerCase()) }))
    .sort((one, other) => one.apart - other.apart);
  return best && best.apart <= Math.max(1, Math.floor(best.word.length / 3)) ? best.word : null;
};
