import type { PlatformStore } from '../../platform/platform-factory.ts';
import { createSigner, randomToken, type Signer } from './signer.ts';

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
