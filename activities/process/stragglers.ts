import { readdir, readFile } from 'node:fs/promises';

/** Every command carries this in its environment, and its children inherit it. */
export const markName = 'QUARTERDECK_COMMAND';

/**
 * Ends what a command left running, also where it began a session of its own and so left the process
 * group. Only Linux shows another process's environment; elsewhere the group is all that can be had.
 */
export const endStragglers = async (mark: string): Promise<number> => {
  if (process.platform !== 'linux') return 0;
  const wanted = `${markName}=${mark}`;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      // Not ours to read, or gone meanwhile: then it is not ours to end.
      const environ = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      return environ.split('\0').includes(wanted) ? Number(pid) : null;
    }),
  );
  const left = found.filter((pid) => pid !== null && pid !== process.pid);
  for (const pid of left) {
    try {
      if (pid !== null) process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
  return left.length;
};
