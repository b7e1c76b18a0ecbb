import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { PlatformStore } from '../../platform/platform-factory.ts';

/** Signs and verifies values with HMAC-SHA-256. */
export interface Signer {
  /** The value with its signature, for one purpose. */
  sign(purpose: string, value: string): string;
  /** The value, or null when its signature is not for this purpose. */
  verify(purpose: string, signed: string): string | null;
  /** A short id for a text that no one without the key can predict. */
  deriveId(purpose: string, text: string): string;
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares in constant time, also texts of different lengths. */
export const equalsConstantTime = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b));

export const randomToken = (): string => randomBytes(24).toString('base64url');

const createSigner = (secret: string): Signer => {
  const mac = (purpose: string, value: string): string =>
    createHmac('sha256', secret).update(`${purpose}\n${value}`).digest('base64url');
  return {
    sign: (purpose, value) => `${Buffer.from(value).toString('base64url')}.${mac(purpose, value)}`,
    verify(purpose, signed) {
      const [encoded = '', signature = ''] = signed.split('.');
      const value = Buffer.from(encoded, 'base64url').toString('utf8');
      return equalsConstantTime(signature, mac(purpose, value)) ? value : null;
    },
    deriveId: (purpose, text) => mac(purpose, text).slice(0, 22),
  };
};

/** A signer whose key survives restarts. It uses a temporary key until `load`, so startup does not wait for the store. */
export interface PersistedSigner extends Signer {
  /** Reads the stored key, so that users stay signed in; stores the temporary key when there is none. */
  load(): Promise<void>;
}

const storeKey = 'signing key';

export const createPersistedSigner = (store: PlatformStore): PersistedSigner => {
  const temporaryKey = randomToken();
  let signer = createSigner(temporaryKey);
  return {
    sign: (purpose, value) => signer.sign(purpose, value),
    verify: (purpose, signed) => signer.verify(purpose, signed),
    deriveId: (purpose, text) => signer.deriveId(purpose, text),
    async load() {
      const stored = await store.get(storeKey);
      if (typeof stored === 'string') signer = createSigner(stored);
      else await store.set(storeKey, temporaryKey);
    },
  };
};
