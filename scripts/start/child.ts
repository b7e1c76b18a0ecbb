import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Env } from '../../runtime/env.ts';
import type { LogFile } from './log-file.ts';
import { signalGroup, waitForGroupExit } from './process-group.ts';

const exitWithParent = fileURLToPath(new URL('../tools/exit-with-parent.sh', import.meta.url));

export interface ChildSpec {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Env;
  /** How long it may take to stop. */
  readonly graceMs: number;
}

/** One run of a program, which exits with this process, in a separate process group. */
export interface Child {
  readonly leader: number;
  /** Resolves when it has ended, with how: `exit code 1`, `signal SIGKILL`. */
  readonly ended: Promise<string>;
  /** Asks it to stop, and ends it when it does not; resolves when nothing of it is left. */
  stop(): Promise<void>;
  /** Asks once more, and waits no longer than a moment. */
  hurry(): Promise<void>;
}

const hurryMs = 2000;
/** A shell tells of a program that a signal ended by 128 and the signal's number. */
const fromSignal = 128;

const howItEnded = (code: number | null, signal: NodeJS.Signals | null): string => {
  if (signal) return `signal ${signal}`;
  return code !== null && code > fromSignal ? `signal ${code - fromSignal}` : `exit code ${code}`;
};

const askToStop = (child: ChildProcess): void => {
  child.kill('SIGTERM'); // exit-with-parent.sh forwards it, once
};

export const startChild = (spec: ChildSpec, log: LogFile): Promise<Child> =>
  new Promise((resolve, reject) => {
    const output = log.open();
    const child = spawn('sh', [exitWithParent, spec.file, ...spec.args], {
      cwd: spec.cwd,
      env: { ...spec.env, EXIT_GRACE: String(Math.ceil(spec.graceMs / 1000)) },
      stdio: ['pipe', output, output],
      detached: true,
    });
    closeSync(output);
    const ended = new Promise<string>((resolveEnded) => {
      child.once('exit', (code, signal) => {
        child.stdin?.destroy();
        resolveEnded(howItEnded(code, signal));
      });
    });
    const end = async (withinMs: number): Promise<void> => {
      const leader = child.pid ?? 0;
      if (child.exitCode === null && child.signalCode === null) askToStop(child);
      if (!(await waitForGroupExit(leader, withinMs))) signalGroup(leader, 'SIGKILL');
      await waitForGroupExit(leader, hurryMs);
    };
    child.once('error', reject);
    child.once('spawn', () =>
      resolve({
        leader: child.pid ?? 0,
        ended,
        stop: () => end(spec.graceMs),
        hurry: () => end(hurryMs),
      }),
    );
  });
