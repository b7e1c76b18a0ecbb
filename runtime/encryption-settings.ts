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
 * The keys that a process encrypts and decrypts with. Throws `EnvError` when encryption is on without a key, or a
 * key is invalid. Without ENCRYPT_PAYLOADS, the keys only decrypt existing data.
 */
export const readEncryptionKeys = (env: Env): KeyRing => {
  // The schema reports an invalid flag. Here it counts as true, so nothing is written in clear by mistake.
  const parsed = flag().safeParse(env.ENCRYPT_PAYLOADS?.trim() || 'false');
  const encrypts = parsed.data ?? true;
  const written = env.ENCRYPTION_KEYS?.trim();
  if (!written) {
    if (!encrypts) return noKeys;
    throw new EnvError([
      'ENCRYPTION_KEYS is not set: ENCRYPT_PAYLOADS=true needs a key, as id:base64; create one with: openssl rand -base64 32',
    ]);
  }
  const read = readKeys(written, { encrypts });
  if ('problems' in read) throw new EnvError(read.problems.map((problem) => `ENCRYPTION_KEYS: ${problem}`));
  return read.ring;
};
