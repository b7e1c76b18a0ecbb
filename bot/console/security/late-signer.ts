import type { PlatformStore } from '../../platform/platform-factory.ts';
import { createSigner, randomToken, type Signer } from './sign.ts';

/** Signs with a key of its own until the kept one has been read, so that nothing waits for the store. */
export interface LateSigner extends Signer {
  /** Takes the key of the last start, so that people stay who they are; keeps a new one where there is none. */
  load(): Promise<void>;
}

const memoryKey = 'signing key';

export const createLateSigner = (memory: PlatformStore): LateSigner => {
  const fresh = randomToken();
  let signer = createSigner(fresh);
  return {
    seal: (purpose, value) => signer.seal(purpose, value),
    open: (purpose, sealed) => signer.open(purpose, sealed),
    name: (purpose, text) => signer.name(purpose, text),
    async load() {
      const kept = await memory.get(memoryKey);
      if (typeof kept === 'string') signer = createSigner(kept);
      else await memory.set(memoryKey, fresh);
    },
  };
};
