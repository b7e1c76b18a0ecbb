import type { Client } from '@temporalio/client';
import type { Worker } from '@temporalio/worker';

const answerWithinMs = 2000;

/** What the worker is doing: it is ready once Temporal answers and work is taken. */
export interface Readiness {
  /** Says what is being waited for. */
  waitFor(what: string): void;
  watch(workers: readonly Pick<Worker, 'getState'>[]): void;
  /** null when ready, else the reason. */
  unready(): Promise<string | null>;
}

export const createReadiness = (client: Client): Readiness => {
  let waiting = 'starting';
  let watched: readonly Pick<Worker, 'getState'>[] = [];
  return {
    waitFor: (what) => {
      waiting = what;
    },
    watch: (workers) => {
      watched = workers;
    },
    unready: async () => {
      if (watched.length === 0) return waiting;
      const state = watched.map((worker) => worker.getState()).find((one) => one !== 'RUNNING');
      if (state) return `the worker is ${state.toLowerCase()}`;
      try {
        await client.withDeadline(Date.now() + answerWithinMs, () =>
          client.workflowService.getSystemInfo({}),
        );
        return null;
      } catch (error) {
        return `Temporal does not answer: ${error instanceof Error ? error.message : String(error)}`;
      }
    },
  };
};
