import { readFileSync } from 'node:fs';
import { execaSync } from 'execa';

/** The command line of a process; empty when no process has this ID. */
export const processCommandLine = (pid: number): string => {
  if (process.platform !== 'linux')
    return execaSync('ps', ['-o', 'command=', '-p', String(pid)], { reject: false }).stdout ?? '';
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // no such process
  }
};
