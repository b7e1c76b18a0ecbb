import { LRUCache } from 'lru-cache';
import { UserError } from '../platform/errors.ts';
import type { LiveRun, Runs } from '../runs/types.ts';

/** The last known state of each run, for cards that are rendered often. */
export interface RunCache {
  get(workflowId: string): LiveRun | null;
  set(run: LiveRun): void;
  /**
   * Reads the run from Temporal; falls back to the last known state (`stale`) when Temporal does not respond.
   * null when there is no such run.
   */
  load(workflowId: string): Promise<{ readonly run: LiveRun; readonly stale: boolean } | null>;
}

const maxCachedRuns = 500;

export const createRunCache = (runs: Runs): RunCache => {
  const cache = new LRUCache<string, LiveRun>({ max: maxCachedRuns });

  return {
    get: (workflowId) => cache.get(workflowId) ?? null,
    set: (run) => {
      cache.set(run.view.workflowId, run);
    },
    async load(workflowId) {
      try {
        const run = await runs.get(workflowId);
        if (run !== null) cache.set(workflowId, run);
        return run === null ? null : { run, stale: false };
      } catch (error) {
        const run = cache.get(workflowId) ?? (await runs.snapshot(workflowId));
        if (run === null) throw error;
        return { run, stale: true };
      }
    },
  };
};

/** The workflow id for a full id or an unambiguous prefix; else why there is none. */
export const findRun = async (
  runs: Pick<Runs, 'find'>,
  typed: string,
): Promise<{ readonly workflowId: string } | { readonly problem: string }> => {
  try {
    return { workflowId: await runs.find(typed) };
  } catch (error) {
    if (error instanceof UserError) return { problem: error.message };
    throw error;
  }
};

/** Calls with the same arguments in one tick share one read. Nothing is cached after it. */
const dedupeConcurrent = <Args extends readonly unknown[], T>(
  read: (...args: Args) => Promise<T>,
): ((...args: Args) => Promise<T>) => {
  const pending = new Map<string, Promise<T>>();
  return (...args) => {
    const key = JSON.stringify(args);
    const known = pending.get(key);
    if (known !== undefined) return known;
    const reading = read(...args);
    pending.set(key, reading);
    queueMicrotask(() => pending.delete(key));
    return reading;
  };
};

/** Runs for pages that are redrawn together: many open pages cost as many reads as one. */
export const dedupeRunReads = (runs: Runs): Runs => ({
  ...runs,
  list: dedupeConcurrent(runs.list),
  search: dedupeConcurrent(runs.search),
  attributes: dedupeConcurrent(runs.attributes),
  get: dedupeConcurrent(runs.get),
  waitingFor: dedupeConcurrent(runs.waitingFor),
  openForOthers: dedupeConcurrent(runs.openForOthers),
  audit: dedupeConcurrent(runs.audit),
});
