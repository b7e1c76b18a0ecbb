import { randomBytes } from 'node:crypto';
import { type KeyRing, readKeys } from '../keys.ts';

/** `id:base64` with a key made on the spot. */
export const makeKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

/** The ring of these keys, the first of which encrypts. */
export const createKeyRing = (...keys: readonly string[]): KeyRing => {
  const read = readKeys(keys.join(','), { encrypts: true });
  if ('problems' in read) throw new Error(read.problems.join('; '));
  return read.ring;
};
