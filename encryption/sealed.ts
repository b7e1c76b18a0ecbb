import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { DecryptionError } from './decryption-error.ts';
import type { EncryptionKey, KeyRing } from './keys.ts';

const cipherName = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** What sealing adds to a text, in bytes. */
export const sealOverheadBytes = nonceBytes + tagBytes;

/**
 * Encrypts and signs: nonce, ciphertext, tag. The nonce is random, which AES-GCM allows for about four
 * billion texts under one key. `bound` is signed with it and not stored: whoever opens must know it.
 */
export const seal = ({ secret }: EncryptionKey, clear: Uint8Array, bound: Uint8Array): Buffer => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(cipherName, secret, nonce).setAAD(bound);
  return Buffer.concat([nonce, cipher.update(clear), cipher.final(), cipher.getAuthTag()]);
};

/** The text that was sealed. Throws `DecryptionError` when a bit of it, or of `bound`, is another. */
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
    // OpenSSL only says that it could not.
    throw new DecryptionError(key.id, 'changed');
  }
};

/** The key of that id. Throws `DecryptionError` when it is not in the ring. */
export const requireKey = ({ byId }: KeyRing, id: string): EncryptionKey => {
  const key = byId.get(id);
  if (!key) throw new DecryptionError(id, 'unknown');
  return key;
};
