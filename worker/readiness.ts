import type { Client } from '@temporalio/client';
import type { Worker } from '@temporalio/worker';

const answerWithinMs = 2000;

/** What the worker is doing: it is ready once Temporal answers and work is taken. */
export interface Readiness {
  /** Says what is being waited for. */
  waitFor(what: string): void;
  watch(worker: Pick<Worker, 'getState'>): void;
  /** null when ready, else the reason. */
  unready(): Promise<string | null>;
}

export const createReadiness = (client: Client): Readiness => {
  let waiting = 'starting';
  let watched: Pick<Worker, 'getState'> | null = null;
  return {
    waitFor: (what) => {
      waiting = what;
    },
    watch: (worker) => {
      watched = worker;
    },
    unready: async () => {
      if (!watched) return waiting;
      const state = watched.getState();
      if (state !== 'RUNNING') return `the worker is ${state.toLowerCase()}`;
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
