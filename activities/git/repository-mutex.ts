import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { asyncLocalStorage } from '@temporalio/activity';
import { throwIfInterrupted } from '../process/activity-failure.ts';
import { reportWaiting } from '../process/progress.ts';

const refreshMs = 10_000;
const staleMs = 60_000;
const pollIntervalMs = 100;

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
const exists = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST';

const isDead = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
};

/** The lock is stale when its process is dead on this machine, or when it stopped refreshing the file. */
const isStale = async (path: string, holder: string): Promise<boolean> => {
  const [host, pid] = holder.split(' ');
  if (host === hostname() && pid !== undefined && isDead(Number(pid))) return true;
  return Date.now() - (await stat(path)).mtimeMs > staleMs;
};

/** Moves a stale lock away. Puts it back if another process had already replaced it. */
const removeStale = async (path: string, holder: string): Promise<void> => {
  const aside = `${path}.${randomUUID()}`;
  await rename(path, aside);
  if ((await readFile(aside, 'utf8')) !== holder) await link(aside, path);
  await rm(aside, { force: true });
};

const tryAcquire = async (path: string, me: string): Promise<boolean> => {
  try {
    await writeFile(path, me, { flag: 'wx' });
    return true;
  } catch (error) {
    if (!exists(error)) throw error;
  }
  try {
    const holder = await readFile(path, 'utf8');
    if (await isStale(path, holder)) await removeStale(path, holder);
  } catch (error) {
    if (!isGone(error) && !exists(error)) throw error;
  }
  return false;
};

const acquire = async (path: string, me: string, operation: string): Promise<void> => {
  using _waiting = reportWaiting(`Waiting for another run that is ${operation}`);
  while (!(await tryAcquire(path, me))) {
    const stopped = asyncLocalStorage.getStore()?.cancellationSignal.aborted === true;
    await throwIfInterrupted({ signalled: stopped }, operation);
    await new Promise((resume) => setTimeout(resume, pollIntervalMs));
  }
};

/**
 * Holds a lock file while `work` runs, so that no other process works on the same repository. Waits for
 * the current holder; a lock whose process is dead, or that was not refreshed for a minute, is taken over.
 * @throws CancelledFailure, or failureTypes.interrupted (retried), when the activity stops while it waits.
 */
export const withRepositoryMutex = async <T>(
  path: string,
  operation: string,
  work: () => Promise<T>,
): Promise<T> => {
  const me = `${hostname()} ${process.pid} ${randomUUID()}`;
  await acquire(path, me, operation);
  const refresh = setInterval(() => {
    const now = new Date();
    // A missing file means that another process took over. The work continues: git has its own locks.
    utimes(path, now, now).catch(() => clearInterval(refresh));
  }, refreshMs);
  try {
    return await work();
  } finally {
    clearInterval(refresh);
    const holder = await readFile(path, 'utf8').catch(() => '');
    if (holder === me) await rm(path, { force: true });
  }
};
