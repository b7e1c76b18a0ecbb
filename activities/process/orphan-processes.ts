import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/** Every command carries this in its environment, and its children inherit it. */
export const processTagVariable = 'QUARTERDECK_COMMAND';

const folderMark = (cwd: string): string => createHash('sha256').update(cwd).digest('hex').slice(0, 16);

/** A mark of its own for each command, that tells which folder it works in. */
export const createProcessTag = (cwd: string): string => `${folderMark(cwd)}-${randomUUID()}`;

const end = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
};

/** Only Linux shows another process's environment; elsewhere the process group is all that can be had. */
const endMarked = async (isMarked: (mark: string) => boolean): Promise<number> => {
  if (process.platform !== 'linux') return 0;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      // Not ours to read, or gone meanwhile: then it is not ours to end.
      const environ = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      const entry = environ.split('\0').find((line) => line.startsWith(`${processTagVariable}=`));
      return entry !== undefined && isMarked(entry.slice(processTagVariable.length + 1)) ? pid : null;
    }),
  );
  const left = found.filter((pid) => pid !== null).filter((pid) => pid !== process.pid);
  for (const pid of left) end(pid);
  return left.length;
};

/** Ends what a command left running, also where it began a session of its own and so left the process group. */
export const killTaggedProcesses = (mark: string): Promise<number> => endMarked((found) => found === mark);

/**
 * Ends what still runs in a folder since a worker was killed there: its commands outlive it, and would
 * work in the same tree as the next attempt. Not for Terraform, which outlives its worker on purpose: it
 * must be let finish what it writes, and the lock of its state makes the next attempt wait.
 */
export const killOrphanProcesses = (cwd: string): Promise<number> =>
  endMarked((found) => found.startsWith(`${folderMark(cwd)}-`));
