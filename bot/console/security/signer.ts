import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { PlatformStore } from '../../platform/platform-factory.ts';

/** Signs with a key of its own until the kept one has been read, so that nothing waits for the store. */
export interface PersistedSigner extends Signer {
  /** Takes the key of the last start, so that people stay who they are; keeps a new one where there is none. */
  load(): Promise<void>;
}

const memoryKey = 'signing key';

export const createPersistedSigner = (memory: PlatformStore): PersistedSigner => {
  const fresh = randomToken();
  let signer = createSigner(fresh);
  return {
    sign: (purpose, value) => signer.sign(purpose, value),
    verify: (purpose, sealed) => signer.verify(purpose, sealed),
    deriveId: (purpose, text) => signer.deriveId(purpose, text),
    async load() {
      const kept = await memory.get(memoryKey);
      if (typeof kept === 'string') signer = createSigner(kept);
      else await memory.set(memoryKey, fresh);
    },
  };
};

/** Marks text as ours and knows it again. */
export interface Signer {
  /** A value that only we can make, for one purpose. */
  sign(purpose: string, value: string): string;
  /** The value, or null when it was not sealed here for this purpose. */
  verify(purpose: string, sealed: string): string | null;
  /** A short name for some text that nobody else can foresee. */
  deriveId(purpose: string, text: string): string;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares in constant time, whatever the lengths. */
export const equalsConstantTime = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

export const randomToken = (): string => randomBytes(24).toString('base64url');

const createSigner = (secret: string): Signer => {
  const mac = (purpose: string, value: string): string =>
    createHmac('sha256', secret).update(`${purpose}\n${value}`).digest('base64url');
  return {
    sign: (purpose, value) => `${Buffer.from(value).toString('base64url')}.${mac(purpose, value)}`,
    verify(purpose, sealed) {
      const [encoded = '', signature = ''] = sealed.split('.');
      const value = Buffer.from(encoded, 'base64url').toString('utf8');
      return equalsConstantTime(signature, mac(purpose, value)) ? value : null;
    },
    deriveId: (purpose, text) => mac(purpose, text).slice(0, 22),
  };
};
