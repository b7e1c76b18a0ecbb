import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { DecryptionError } from './decryption-error.ts';
import type { EncryptionKey, KeyRing } from './keys.ts';

const cipherName = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Bytes that `seal` adds to the clear text: nonce and tag. */
export const sealOverheadBytes = nonceBytes + tagBytes;

/**
 * Encrypts and authenticates with AES-256-GCM: nonce, ciphertext, tag. The nonce is random, which is safe for
 * about four billion messages under one key. `bound` is authenticated and not stored; `unseal` needs the same.
 * @see https://doi.org/10.6028/NIST.SP.800-38D (section 8.3)
 */
export const seal = ({ secret }: EncryptionKey, clear: Uint8Array, bound: Uint8Array): Buffer => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(cipherName, secret, nonce).setAAD(bound);
  return Buffer.concat([nonce, cipher.update(clear), cipher.final(), cipher.getAuthTag()]);
};

/** Returns the clear text. Throws `DecryptionError` when a bit of `sealed` or `bound` was changed. */
export const unseal = (key: EncryptionKey, sealed: Uint8Array, bound: Uint8Array): Buffer => {
  if (sealed.length < sealOverheadBytes) throw new DecryptionError(key.id, 'changed');
  const tagAt = sealed.length - tagBytes;
  const decipher = createDecipheriv(cipherName, key.secret, sealed.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
    .setAAD(bound)
    .setAuthTag(sealed.subarray(tagAt));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, tagAt)), decipher.final()]);
  } catch {
    // OpenSSL gives no further reason.
    throw new DecryptionError(key.id, 'changed');
  }
};

/** Returns the key with this ID. Throws `DecryptionError` when the ring lacks it. */
export const requireKey = ({ byId }: KeyRing, id: string): EncryptionKey => {
  const key = byId.get(id);
  if (!key) throw new DecryptionError(id, 'unknown');
  return key;
};
