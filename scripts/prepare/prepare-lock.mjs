import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const getHolder = (path) => {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return null; // released since the last check
  }
};

const isRunning = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** A link appears with its content or not at all, so a reader always finds the holder in a lock. */
const take = (path) => {
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
};

/** Removes a dead holder's lock. Another process may have replaced it since; then put it back. */
const breakLock = (path, holder) => {
  const aside = `${path}.broken-by-${process.pid}`;
  try {
    renameSync(path, aside);
    if (getHolder(aside) !== holder) linkSync(aside, path);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
};

/** Runs `work` while no other preparation of this folder runs. Takes over the lock of a process that died. */
export const withLock = async (path, reporter, work) => {
  mkdirSync(dirname(path), { recursive: true });
  for (let tries = 0; !take(path); tries += 1) {
    const holder = getHolder(path);
    if (holder !== null && !isRunning(holder)) {
      breakLock(path, holder);
      continue;
    }
    if (tries % 60 === 0) reporter.say(`waiting for another preparation (process ${holder}, lock ${path})`);
    await sleep(500);
  }
  const release = () => getHolder(path) === process.pid && rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    release();
    process.off('exit', release);
  }
};
