import type { Client } from '@temporalio/client';
import type { Worker } from '@temporalio/worker';

const timeoutMs = 2000;

/** The worker's readiness: it is ready when Temporal responds and every worker polls. */
export interface Readiness {
  /** Sets the reason while the worker waits, as a phrase: "waiting for …". */
  waitFor(reason: string): void;
  watch(workers: readonly Pick<Worker, 'getState'>[]): void;
  /** null when ready, else the reason. */
  unready(): Promise<string | null>;
}

export const createReadiness = (client: Client): Readiness => {
  let waiting = 'starting';
  let watched: readonly Pick<Worker, 'getState'>[] = [];
  return {
    waitFor: (reason) => {
      waiting = reason;
    },
    watch: (workers) => {
      watched = workers;
    },
    unready: async () => {
      if (watched.length === 0) return waiting;
      const state = watched.map((worker) => worker.getState()).find((one) => one !== 'RUNNING');
      if (state) return `the worker is ${state.toLowerCase()}`;
      try {
        await client.withDeadline(Date.now() + timeoutMs, () => client.workflowService.getSystemInfo({}));
        return null;
      } catch (error) {
        return `Temporal isn't responding: ${error instanceof Error ? error.message : String(error)}`;
      }
    },
  };
};
