import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../runtime/logger.ts';
import { openStore, type Store } from '../store/store.ts';

export const silentLogger = createLogger('test', 'silent');

/** An embedded store that is gone when it is closed. */
export const openTestStore = async (): Promise<Store> => {
  const directory = await mkdtemp(join(tmpdir(), 'quarterdeck-store-'));
  const store = await openStore({ kind: 'embedded', directory }, silentLogger);
  return {
    ...store,
    close: async () => {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
};
