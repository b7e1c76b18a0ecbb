import { spawn } from 'node:child_process';
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
  /** How long it may take to stop, in milliseconds. */
  readonly graceMs: number;
}

/** One run of a program, which exits with this process, in a separate process group. */
export interface Child {
  readonly leader: number;
  /** Resolves when it has exited, with how: `exit code 1`, `signal SIGKILL`. */
  readonly exited: Promise<string>;
  /** Sends SIGTERM, and SIGKILL after the grace period. Resolves when its whole group has exited. */
  stop(): Promise<void>;
  /** Sends SIGTERM again, once more after 1.2 seconds, and SIGKILL two seconds later. */
  forceStop(): Promise<void>;
}

const forceStopMs = 2000;
/** A busy program can receive two signals within one second, and counts them as one Ctrl-C. Then this repeats it. */
const repeatSignalMs = 1200;
/** A shell reports a program that a signal ended as 128 plus the signal's number. */
const fromSignal = 128;

const describeExit = (code: number | null, signal: NodeJS.Signals | null): string => {
  if (signal) return `signal ${signal}`;
  return code !== null && code > fromSignal ? `signal ${code - fromSignal}` : `exit code ${code}`;
};

/** Starts a program in a process group that ends when this process does. Its output goes to the log. */
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
    const exited = new Promise<string>((resolveExited) => {
      child.once('exit', (code, signal) => {
        child.stdin?.destroy();
        resolveExited(describeExit(code, signal));
      });
    });
    const leader = child.pid ?? 0;
    /** exit-with-parent.sh forwards the signal to the program. */
    const terminate = (): void => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    };
    const end = async (timeoutMs: number): Promise<void> => {
      terminate();
      if (!(await waitForGroupExit(leader, timeoutMs))) signalGroup(leader, 'SIGKILL');
      await waitForGroupExit(leader, forceStopMs);
    };
    const forceEnd = async (): Promise<void> => {
      terminate();
      if (!(await waitForGroupExit(leader, repeatSignalMs))) await end(forceStopMs);
    };
    child.once('error', reject);
    child.once('spawn', () =>
      resolve({
        leader,
        exited,
        stop: () => end(spec.graceMs),
        forceStop: forceEnd,
      }),
    );
  });
