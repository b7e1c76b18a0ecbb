import { setTimeout as sleep } from 'node:timers/promises';

const lookAgainMs = 50;

/** Signals a whole process group; false when nobody of it is left. */
export const signalGroup = (leader: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    process.kill(-leader, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    // EPERM: on a Mac a group of the dead alone answers so.
    if ((error as NodeJS.ErrnoException).code === 'EPERM') return false;
    throw error;
  }
};

/** Waits until a group is gone; false when it is still there after the time. */
export const waitForGroupExit = async (leader: number, withinMs: number): Promise<boolean> => {
  const until = Date.now() + withinMs;
  while (signalGroup(leader, 0)) {
    if (Date.now() > until) return false;
    await sleep(lookAgainMs);
  }
  return true;
};
