import { setTimeout as sleep } from 'node:timers/promises';

const pollIntervalMs = 50;

/** Signals a whole process group; false when it has no process left. */
export const signalGroup = (leader: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    process.kill(-leader, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    // EPERM: macOS answers so for a group that has only zombies left.
    if ((error as NodeJS.ErrnoException).code === 'EPERM') return false;
    throw error;
  }
};

/** Waits until a group is gone; false when it still exists after the timeout. */
export const waitForGroupExit = async (leader: number, timeoutMs: number): Promise<boolean> => {
  const until = Date.now() + timeoutMs;
  while (signalGroup(leader, 0)) {
    if (Date.now() > until) return false;
    await sleep(pollIntervalMs);
  }
  return true;
};
