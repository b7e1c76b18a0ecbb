import { type KeyRing, noKeys, readKeys } from '../encryption/keys.ts';
import type { Env } from './env.ts';
import { EnvError } from './env-error.ts';
import { flag, text } from './env-fields.ts';

/** The variables that `encryptionKeys` reads; spread this into a process's own schema. */
export const encryptionEnvShape = {
  ENCRYPT_PAYLOADS: flag().optional(),
  ENCRYPTION_KEYS: text().optional(),
};

/**
 * The keys that a process encrypts and decrypts with; throws `EnvError` when encryption is asked for and
 * there is no key, or a key is no key. Keys without ENCRYPT_PAYLOADS decrypt what was encrypted before.
 */
export const readEncryptionKeys = (env: Env): KeyRing => {
  // What is wrong with the flag itself is said by the schema; here it counts as a wish to encrypt.
  const wished = flag().safeParse(env.ENCRYPT_PAYLOADS?.trim() || 'false');
  const encrypts = wished.data ?? true;
  const written = env.ENCRYPTION_KEYS?.trim();
  if (!written) {
    if (!encrypts) return noKeys;
    throw new EnvError([
      'ENCRYPTION_KEYS is not set: ENCRYPT_PAYLOADS=true needs a key, as id:base64; make one with: openssl rand -base64 32',
    ]);
  }
  const read = readKeys(written, { encrypts });
  if ('problems' in read) throw new EnvError(read.problems.map((problem) => `ENCRYPTION_KEYS: ${problem}`));
  return read.ring;
};
