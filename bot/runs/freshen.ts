import { setTimeout as pause } from 'node:timers/promises';
import type { Follower } from './follower.ts';
import type { LiveRun } from './port.ts';
import type { RunReader } from './read-run.ts';

/** Runs as they are now; what Temporal does not say in time is shown as it was seen last. */
export type Freshen = (runs: readonly LiveRun[]) => Promise<readonly LiveRun[]>;

const withinMs = 150;

export const createFreshen = (reader: RunReader, follower: Follower): Freshen => {
  const ask = async (run: LiveRun): Promise<LiveRun> => {
    const { workflowId } = run.view;
    const glance = await reader.glance(workflowId, withinMs);
    if (glance === null || glance.fingerprint === follower.known(workflowId)) return run;
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
