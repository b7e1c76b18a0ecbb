import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from './activity-failure.ts';
import { installHint } from './command-not-found.ts';
import type { ProcessCommand } from './port.ts';

/** Where stdout or stderr goes: to us, or into an open file. */
export type StdioTarget = 'pipe' | number;

/** Starts a command in a process group of its own, with nothing to read from. */
export const startProcess = async (
  { operation, cwd, file, args, shell }: ProcessCommand,
  env: Record<string, string>,
  [stdout, stderr]: readonly [StdioTarget, StdioTarget] = ['pipe', 'pipe'],
): Promise<ChildProcess & { pid: number }> => {
  // Else a folder that is gone would look like a command that is missing.
  if (!(await stat(cwd).catch(() => null))?.isDirectory())
    throw new Error(`${operation}: the folder ${cwd} is not there`);
  const [program, list] = shell ? ['/bin/sh', ['-c', file]] : [file, [...args]];
  const stdio = ['ignore' as const, stdout, stderr];
  const child = spawn(program, list, { cwd, env, detached: true, stdio });
  try {
    await once(child, 'spawn');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw activityFailure({
      type: failureTypes.commandNotFound,
      message: `${operation}: the command \`${program}\` cannot be run on this worker (${why === 'ENOENT' ? 'it is not installed' : why})`,
      hint: installHint(program),
      cause: error,
    });
  }
  if (child.pid === undefined) throw new Error(`${operation}: ${program} started without a process id`);
  const started = Object.assign(child, { pid: child.pid });
  killOnExit(started);
  return started;
};

const groups = new Set<number>();

const askAllToStop = (): void => {
  for (const group of groups) signalGroup(group, 'SIGTERM');
};

/**
 * A worker that is told to leave at once does not wait for its commands, but it asks them to stop on its
 * way out: Terraform then comes to a clean end by itself, and nothing goes on that nobody watches. One
 * that is killed asks nobody: then Terraform goes on to its end, and its state's lock keeps others away.
 */
const killOnExit = (child: ChildProcess & { readonly pid: number }): void => {
  if (!process.listeners('exit').includes(askAllToStop)) process.on('exit', askAllToStop);
  groups.add(child.pid);
  child.once('close', () => groups.delete(child.pid));
};

/** For a group that was asked already: asked twice, Terraform gives up at once and its state is lost. */
export const keepOnExit = (group: number): void => void groups.delete(group);

/** How long a command gets to tidy up after each signal. */
export interface KillGracePeriod {
  readonly interruptMs: number;
  readonly terminateMs: number;
  /** For what is left of a group whose first process has already ended. */
  readonly orphanMs: number;
}

export const defaultKillGracePeriod: KillGracePeriod = {
  interruptMs: 20_000,
  terminateMs: 10_000,
  orphanMs: 5000,
};

const lookAgainMs = 50;

/** Signals a whole process group; false when nobody of it is left. */
export const signalGroup = (group: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    process.kill(-group, signal);
    return true;
  } catch (error) {
    // EPERM: what is left has changed its user and cannot be ours to stop.
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))
      return false;
    throw error;
  }
};

/** `pid (name) state parent group …`, where the name may hold blanks and brackets. */
const runsInGroup = (stat: string, group: number): boolean => {
  const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(pgrp) === group && state !== 'Z' && state !== 'X';
};

/** Whether a process of the group still runs. A dead one that nobody has collected does not count. */
export const isAlive = async (group: number): Promise<boolean> => {
  if (!signalGroup(group, 0)) return false;
  if (process.platform !== 'linux') return true;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')));
  return stats.some((stat) => runsInGroup(stat, group));
};

const hasEnded = async (group: number, ms: number, leader: () => boolean, orphanMs: number) => {
  const until = Date.now() + ms;
  let orphanedAt: number | null = null;
  while (Date.now() < until) {
    if (!(await isAlive(group))) return true;
    if (leader()) orphanedAt ??= Date.now();
    if (orphanedAt !== null && Date.now() - orphanedAt > orphanMs) return false;
    await sleep(lookAgainMs);
  }
  return false;
};

/**
 * Stops a process group: asks, asks firmly, then ends it. Waits for all of it and not only for its
 * first process, because a wrapper may end before the program that is still writing its state.
 */
export const stopGroup = async (
  group: number,
  leaderHasEnded: () => boolean,
  wait: KillGracePeriod,
): Promise<void> => {
  signalGroup(group, 'SIGINT');
  if (await hasEnded(group, wait.interruptMs, leaderHasEnded, wait.orphanMs)) return;
  signalGroup(group, 'SIGTERM');
  if (await hasEnded(group, wait.terminateMs, leaderHasEnded, wait.orphanMs)) return;
  signalGroup(group, 'SIGKILL');
};
