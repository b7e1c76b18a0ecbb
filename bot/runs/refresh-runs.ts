import { setTimeout as pause } from 'node:timers/promises';
import type { RunReader } from './read-run.ts';
import type { RunPoller } from './run-poller.ts';
import type { LiveRun } from './types.ts';

/** Runs as they are now; what Temporal does not say in time is shown as it was seen last. */
export type RefreshRuns = (runs: readonly LiveRun[]) => Promise<readonly LiveRun[]>;

const withinMs = 150;

export const createRefreshRuns = (reader: RunReader, follower: RunPoller): RefreshRuns => {
  const ask = async (run: LiveRun): Promise<LiveRun> => {
    const { workflowId } = run.view;
    const glance = await reader.describe(workflowId, withinMs);
    if (glance === null || glance.fingerprint === follower.lastFingerprint(workflowId)) return run;
    return (await reader.read(workflowId, withinMs, glance))?.run ?? run;
  };

  return (runs) => {
    const late = pause(withinMs, null, { ref: false });
    return Promise.all(
      runs.map(async (run) => {
        const asked = ask(run).catch(() => null);
        return (await Promise.race([asked, late])) ?? run;
      }),
    );
  };
};
