// Separate file: its race against Temporal has nothing to do with the wiring in create-runs.ts.
import pTimeout from 'p-timeout';
import type { RunReader } from './read-run.ts';
import type { RunPoller } from './run-poller.ts';
import type { LiveRun } from './types.ts';

/** Returns runs as Temporal holds them now, or as they were read last when Temporal is slow. */
export type RefreshRuns = (runs: readonly LiveRun[]) => Promise<readonly LiveRun[]>;

const timeoutMs = 150;

export const createRefreshRuns = (reader: RunReader, poller: RunPoller): RefreshRuns => {
  const refresh = async (run: LiveRun): Promise<LiveRun> => {
    const { workflowId } = run.view;
    const description = await reader.describe(workflowId, timeoutMs);
    if (description === null || description.fingerprint === poller.lastFingerprint(workflowId)) return run;
    return (await reader.read(workflowId, timeoutMs, description))?.run ?? run;
  };

  return (runs) =>
    Promise.all(
      runs.map((run) =>
        pTimeout(
          refresh(run).catch(() => run),
          { milliseconds: timeoutMs, fallback: () => run },
        ),
      ),
    );
};
