import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a command gets to tidy up after each signal. */
export interface Patience {
  readonly interruptMs: number;
  readonly terminateMs: number;
  /** For what is left of a group whose first process has already ended. */
  readonly orphanMs: number;
}

export const patience: Patience = { interruptMs: 20_000, terminateMs: 10_000, orphanMs: 5000 };

const lookAgainMs = 50;

/** Signals a whole process group; false when nobody of it is left. */
export const signalGroup = (group: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    process.kill(-group, signal);
    return true;
  } catch (error) {
    // EPERM: what is left has changed its user and cannot be ours to stop.
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))
      return false;
    throw error;
  }
};

/** `pid (name) state parent group …`, where the name may hold blanks and brackets. */
const runsInGroup = (stat: string, group: number): boolean => {
  const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(pgrp) === group && state !== 'Z' && state !== 'X';
};

/** Whether a process of the group still runs. A dead one that nobody has collected does not count. */
export const isAlive = async (group: number): Promise<boolean> => {
  if (!signalGroup(group, 0)) return false;
  if (process.platform !== 'linux') return true;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')));
  return stats.some((stat) => runsInGroup(stat, group));
};

const hasEnded = async (group: number, ms: number, leader: () => boolean, orphanMs: number) => {
  const until = Date.now() + ms;
  let orphanedAt: number | null = null;
  while (Date.now() < until) {
    if (!(await isAlive(group))) return true;
    if (leader()) orphanedAt ??= Date.now();
    if (orphanedAt !== null && Date.now() - orphanedAt > orphanMs) return false;
    await sleep(lookAgainMs);
  }
  return false;
};

/**
 * Stops a process group: asks, asks firmly, then ends it. Waits for all of it and not only for its
 * first process, because a wrapper may end before the program that is still writing its state.
 */
export const stopGroup = async (
  group: number,
  leaderHasEnded: () => boolean,
  wait: Patience,
): Promise<void> => {
  signalGroup(group, 'SIGINT');
  if (await hasEnded(group, wait.interruptMs, leaderHasEnded, wait.orphanMs)) return;
  signalGroup(group, 'SIGTERM');
  if (await hasEnded(group, wait.terminateMs, leaderHasEnded, wait.orphanMs)) return;
  signalGroup(group, 'SIGKILL');
};
