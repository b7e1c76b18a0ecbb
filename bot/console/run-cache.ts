import { LRUCache } from 'lru-cache';
import { UserError } from '../platform/errors.ts';
import type { LiveRun, Runs } from '../runs/port.ts';

/** The run that an address means, or why it means none. */
export const findRun = async (
  runs: Pick<Runs, 'find'>,
  typed: string,
): Promise<{ readonly workflowId: string } | { readonly why: string }> => {
  try {
    return { workflowId: await runs.find(typed) };
  } catch (error) {
    if (error instanceof UserError) return { why: error.message };
    throw error;
  }
};

/** The runs as they were seen last, for cards that are drawn again and again. */
export interface RunCache {
  get(workflowId: string): LiveRun | null;
  set(run: LiveRun): void;
  /** Asks Temporal; what was seen last when it does not answer. null when there is no such run. */
  load(workflowId: string): Promise<{ readonly run: LiveRun; readonly stale: boolean } | null>;
}

const maxCachedRuns = 500;

export const createRunCache = (runs: Runs): RunCache => {
  const seen = new LRUCache<string, LiveRun>({ max: maxCachedRuns });

  return {
    get: (workflowId) => seen.get(workflowId) ?? null,
    set: (run) => {
      seen.set(run.view.workflowId, run);
    },
    async load(workflowId) {
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
