import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const holderOf = (path) => {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return null; // gone between two looks: free
  }
};

const lives = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** A link is made whole or not at all, so nobody ever reads a lock without its holder. */
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

/** Takes a dead holder's lock away. Whoever else does so at this moment may have taken it since: put it back. */
const breakLock = (path, holder) => {
  const aside = `${path}.broken-by-${process.pid}`;
  try {
    renameSync(path, aside);
    if (holderOf(aside) !== holder) linkSync(aside, path);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
};

/** Runs the work while no other preparation of this folder does; a lock whose holder died is taken over. */
export const withLock = async (path, report, work) => {
  mkdirSync(dirname(path), { recursive: true });
  for (let tries = 0; !take(path); tries += 1) {
    const holder = holderOf(path);
    if (holder !== null && !lives(holder)) {
      breakLock(path, holder);
      continue;
    }
    if (tries % 60 === 0)
      report.say(`waiting for another preparation (process ${holder}; its lock: ${path})`);
    await sleep(500);
  }
  const release = () => holderOf(path) === process.pid && rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    release();
    process.off('exit', release);
  }
};
