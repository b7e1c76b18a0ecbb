import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from './activity-failure.ts';
import { installHint } from './command-not-found.ts';
import type { ProcessCommand } from './port.ts';

/** How long a command may take to stop after each signal, in milliseconds. */
export interface KillGracePeriod {
  /** After SIGINT, before SIGTERM. */
  readonly interruptMs: number;
  /** After SIGTERM, before SIGKILL. */
  readonly terminateMs: number;
  /** For the rest of a group whose first process has ended; replaces a longer period. */
  readonly orphanMs: number;
}

/** For every command except Terraform. */
export const defaultKillGracePeriod: KillGracePeriod = {
  interruptMs: 20_000,
  terminateMs: 10_000,
  orphanMs: 5000,
};

const pollIntervalMs = 50;

/** Signals a whole process group. Signal 0 only checks it. Returns false if no process is left. */
export const signalGroup = (group: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    process.kill(-group, signal);
    return true;
  } catch (error) {
    // EPERM: the remaining processes changed their user, so this process must not stop them.
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))
      return false;
    throw error;
  }
};

/** `pid (name) state parent group …`, where the name may contain blanks and brackets. */
const runsInGroup = (stat: string, group: number): boolean => {
  const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(pgrp) === group && state !== 'Z' && state !== 'X';
};

/** Whether a process of the group still runs. Zombies do not count. */
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
    await sleep(pollIntervalMs);
  }
  return false;
};

/**
 * Stops a process group: SIGINT, then SIGTERM, then SIGKILL. Waits for the whole group, because a wrapper
 * may end before the program that still writes its state.
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

const runningGroups = new Set<number>();

const terminateAll = (): void => {
  for (const group of runningGroups) signalGroup(group, 'SIGTERM');
};

/**
 * Sends SIGTERM to the command when this process exits, so that Terraform stops cleanly and nothing runs
 * unobserved. A worker that is killed with SIGKILL sends nothing: Terraform then finishes by itself, and
 * its state lock keeps other runs out.
 */
const killOnExit = (child: ChildProcess & { readonly pid: number }): void => {
  if (!process.listeners('exit').includes(terminateAll)) process.on('exit', terminateAll);
  runningGroups.add(child.pid);
  child.once('close', () => runningGroups.delete(child.pid));
};

/** Call it for a group that was already signalled: Terraform aborts on a second signal and loses its state. */
export const keepOnExit = (group: number): void => void runningGroups.delete(group);

/** Where a command's stdout or stderr goes: a pipe to this process, or the descriptor of an open file. */
export type StdioTarget = 'pipe' | number;

/**
 * Starts a command in its own process group, with an empty stdin.
 * @throws failureTypes.commandNotFound (not retried) when the program cannot be run.
 */
export const startProcess = async (
  { operation, cwd, file, args, shell }: ProcessCommand,
  env: Record<string, string>,
  [stdout, stderr]: readonly [StdioTarget, StdioTarget] = ['pipe', 'pipe'],
): Promise<ChildProcess & { pid: number }> => {
  // Node reports a missing folder as a missing command, so check the folder first.
  if (!(await stat(cwd).catch(() => null))?.isDirectory())
    throw new Error(`${operation}: folder ${cwd} does not exist`);
  const [program, list] = shell ? ['/bin/sh', ['-c', file]] : [file, [...args]];
  const stdio = ['ignore' as const, stdout, stderr];
  const child = spawn(program, list, { cwd, env, detached: true, stdio });
  try {
    await once(child, 'spawn');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw activityFailure({
      type: failureTypes.commandNotFound,
      message: `${operation}: cannot run \`${program}\` on this worker (${why === 'ENOENT' ? 'not installed' : why})`,
      hint: installHint(program),
      cause: error,
    });
  }
  if (child.pid === undefined) throw new Error(`${operation}: ${program} started without a process id`);
  const started = Object.assign(child, { pid: child.pid });
  killOnExit(started);
  return started;
};
