import { LRUCache } from 'lru-cache';
import type { LiveRun, Runs } from '../runs/port.ts';

/** The runs as they were seen last, for cards that are drawn again and again. */
export interface SeenRuns {
  last(workflowId: string): LiveRun | null;
  remember(run: LiveRun): void;
  /** Asks Temporal; what was seen last when it does not answer. null when there is no such run. */
  fresh(workflowId: string): Promise<{ readonly run: LiveRun; readonly stale: boolean } | null>;
}

const kept = 500;

export const createSeenRuns = (runs: Runs): SeenRuns => {
  const seen = new LRUCache<string, LiveRun>({ max: kept });

  return {
    last: (workflowId) => seen.get(workflowId) ?? null,
    remember: (run) => {
      seen.set(run.view.workflowId, run);
    },
    async fresh(workflowId) {
      try {
        const run = await runs.get(workflowId);
        if (run !== null) seen.set(workflowId, run);
        return run === null ? null : { run, stale: false };
      } catch (error) {
        const run = seen.get(workflowId) ?? (await runs.snapshot(workflowId));
        if (run === null) throw error;
        return { run, stale: true };
      }
    },
  };
};
