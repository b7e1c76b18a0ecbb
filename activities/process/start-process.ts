import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from './activity-failure.ts';
import { endWithUs } from './end-with-us.ts';
import { installHint } from './install-hints.ts';
import type { Command } from './port.ts';

/** Where stdout or stderr goes: to us, or into an open file. */
export type Target = 'pipe' | number;

/** Starts a command in a process group of its own, with nothing to read from. */
export const startProcess = async (
  { doing, cwd, file, args, shell }: Command,
  env: Record<string, string>,
  [stdout, stderr]: readonly [Target, Target] = ['pipe', 'pipe'],
): Promise<ChildProcess & { pid: number }> => {
  // Else a folder that is gone would look like a command that is missing.
  if (!(await stat(cwd).catch(() => null))?.isDirectory())
    throw new Error(`${doing}: the folder ${cwd} is not there`);
  const [program, list] = shell ? ['/bin/sh', ['-c', file]] : [file, [...args]];
  const stdio = ['ignore' as const, stdout, stderr];
  const child = spawn(program, list, { cwd, env, detached: true, stdio });
  try {
    await once(child, 'spawn');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw activityFailure({
      type: failureTypes.commandNotFound,
      message: `${doing}: the command \`${program}\` cannot be run on this worker (${why === 'ENOENT' ? 'it is not installed' : why})`,
      hint: installHint(program),
      cause: error,
    });
  }
  if (child.pid === undefined) throw new Error(`${doing}: ${program} started without a process id`);
  const started = Object.assign(child, { pid: child.pid });
  endWithUs(started);
  return started;
};
