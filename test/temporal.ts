import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { inject } from 'vitest';

/** A client of the dev server that this test run shares. Close it in `afterAll`. */
export const connectTestClient = async (): Promise<Client> =>
  new Client({ connection: await Connection.connect({ address: inject('temporalAddress') }) });

/** A worker's connection to the same server. Close it after every worker has shut down. */
export const connectTestWorker = (): Promise<NativeConnection> =>
  NativeConnection.connect({ address: inject('temporalAddress') });
