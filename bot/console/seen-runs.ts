import { LRUCache } from 'lru-cache';
import type { LiveRun, RunFilter, Runs } from '../runs/port.ts';

/** The runs as they were seen last, for cards that are drawn again and again. */
export interface SeenRuns {
  last(workflowId: string): LiveRun | null;
  remember(run: LiveRun): void;
  /** Asks Temporal; what was seen last when it does not answer. null when there is no such run. */
  fresh(workflowId: string): Promise<{ readonly run: LiveRun; readonly stale: boolean } | null>;
  /** The id that people abbreviate: every run that begins so. */
  startingWith(typed: string): Promise<readonly string[]>;
}

const kept = 500;
const looked: RunFilter = { limit: 500 };
const uuidAt = /[0-9a-f]{8}-/;

export const createSeenRuns = (runs: Runs): SeenRuns => {
  const seen = new LRUCache<string, LiveRun>({ max: kept });

  const listed = async (): Promise<readonly LiveRun[]> => {
    const found = await runs.list(looked);
    for (const run of found) if (!seen.has(run.view.workflowId)) seen.set(run.view.workflowId, run);
    return found;
  };

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
        if (!seen.has(workflowId)) await listed();
        const run = seen.get(workflowId);
        if (run === undefined) throw error;
        return { run, stale: true };
      }
    },
    async startingWith(typed) {
      const start = typed.toLowerCase().replace(/^#/, '');
      if (start.length < 4) return [];
      const ids = (await listed()).map(({ view }) => view.workflowId);
      return ids.filter((id) => id === start || id.slice(id.search(uuidAt)).startsWith(start));
    },
  };
};
