import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/** The environment variable with a command's tag. Its child processes inherit it. */
export const processTagVariable = 'QUARTERDECK_COMMAND';

const toFolderTag = (cwd: string): string => createHash('sha256').update(cwd).digest('hex').slice(0, 16);

/** A unique tag for a command. Its beginning identifies the command's folder. */
export const createProcessTag = (cwd: string): string => `${toFolderTag(cwd)}-${randomUUID()}`;

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
};

/** Returns how many were killed. Only Linux shows another process's environment; elsewhere it returns 0. */
const killMatching = async (isMatch: (tag: string) => boolean): Promise<number> => {
  if (process.platform !== 'linux') return 0;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      // Unreadable means that the process belongs to another user, or has ended.
      const environ = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      const entry = environ.split('\0').find((line) => line.startsWith(`${processTagVariable}=`));
      return entry !== undefined && isMatch(entry.slice(processTagVariable.length + 1)) ? pid : null;
    }),
  );
  const left = found.filter((pid) => pid !== null).filter((pid) => pid !== process.pid);
  for (const pid of left) kill(pid);
  return left.length;
};

/** Kills what a command left running, including processes that left its process group. */
export const killTaggedProcesses = (tag: string): Promise<number> => killMatching((found) => found === tag);

/**
 * Kills what still runs in a folder after a worker was killed: its commands outlive it and would disturb
 * the next attempt. Never call it for Terraform, which must finish writing its state; the state lock makes
 * the next attempt wait.
 */
export const killOrphanProcesses = (cwd: string): Promise<number> =>
  killMatching((found) => found.startsWith(`${toFolderTag(cwd)}-`));
