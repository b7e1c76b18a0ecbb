import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { asyncLocalStorage } from '@temporalio/activity';
import { throwIfInterrupted } from '../process/activity-failure.ts';
import { reportWaiting } from '../process/progress.ts';

const refreshMs = 10_000;
const staleMs = 60_000;
const lookAgainMs = 100;

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

/** Moves a stale lock away; when it turns out that somebody had already renewed it, puts theirs back. */
const clear = async (path: string, holder: string): Promise<void> => {
  const aside = `${path}.${randomUUID()}`;
  await rename(path, aside);
  if ((await readFile(aside, 'utf8')) !== holder) await link(aside, path);
  await rm(aside, { force: true });
};

const tryTake = async (path: string, me: string): Promise<boolean> => {
  try {
    await writeFile(path, me, { flag: 'wx' });
    return true;
  } catch (error) {
    if (!exists(error)) throw error;
  }
  try {
    const holder = await readFile(path, 'utf8');
    if (await isStale(path, holder)) await clear(path, holder);
  } catch (error) {
    if (!isGone(error) && !exists(error)) throw error;
  }
  return false;
};

const take = async (path: string, me: string, what: string): Promise<void> => {
  using _waiting = reportWaiting(`Waiting for another run that is ${what}`);
  while (!(await tryTake(path, me))) {
    const stopped = asyncLocalStorage.getStore()?.cancellationSignal.aborted === true;
    await throwIfInterrupted({ signalled: stopped }, what);
    await new Promise((resume) => setTimeout(resume, lookAgainMs));
  }
};

/** Holds a file's lock while `work` runs: against other processes on the same folder, alive or dead. */
export const withRepositoryMutex = async <T>(
  path: string,
  what: string,
  work: () => Promise<T>,
): Promise<T> => {
  const me = `${hostname()} ${process.pid} ${randomUUID()}`;
  await take(path, me, what);
  const refresh = setInterval(() => {
    const now = new Date();
    // Gone means that somebody thought us dead; the work goes on, git keeps its own locks.
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
