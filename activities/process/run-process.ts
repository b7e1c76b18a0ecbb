import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { killTaggedProcesses } from './orphan-processes.ts';
import { type OutputCapture, openOutputCapture } from './output-capture.ts';
import { createLineSplitter } from './output-lines.ts';
import type { CommandResult, ProcessCommand } from './port.ts';
import { type KillGracePeriod, keepOnExit, signalGroup, startProcess, stopGroup } from './process-group.ts';

type TakeLines = (lines: readonly string[]) => Promise<void>;
type Ended = Pick<CommandResult, 'exitCode' | 'signalled'>;

interface Job {
  readonly command: ProcessCommand;
  readonly env: Record<string, string>;
  readonly tag: string;
  readonly killGracePeriod: KillGracePeriod;
  readonly abortSignal: AbortSignal | null;
  readonly onStdout: TakeLines;
  readonly onStderr: TakeLines;
}

/** How long an output may stay open, with nothing coming out of it, after the command has ended. */
const drainMs = 500;

const read = async (output: AsyncIterable<Buffer>, take: TakeLines, moved: () => void): Promise<void> => {
  const lines = createLineSplitter();
  for await (const chunk of output) {
    moved();
    await take(lines.add(chunk));
  }
  await take(lines.end());
};

/** True while the reading goes on; false when it has ended or nothing moved for a while. */
const isStuck = async (reading: Promise<unknown>, lastMove: () => number): Promise<boolean> => {
  for (;;) {
    const ended = await Promise.race([reading.then(() => true), sleep(drainMs, false, { ref: false })]);
    if (ended) return false;
    if (Date.now() - lastMove() >= drainMs) return true;
  }
};

const runWith = async (outlet: OutputCapture, job: Job): Promise<Ended> => {
  const { abortSignal, command } = job;
  const child = await startProcess(command, job.env, outlet.targets);
  const hasExited = () => child.exitCode !== null || child.signalCode !== null;
  const gone = once(child, 'exit');
  let movedAt = Date.now();
  const moved = () => {
    movedAt = Date.now();
  };
  const [stdout, stderr] = outlet.read(child);
  const reading = Promise.all([read(stdout, job.onStdout, moved), read(stderr, job.onStderr, moved)]);
  let stopping: Promise<void> | null = null;
  const stop = () => {
    if (hasExited()) return;
    if (command.outlivesWorker) keepOnExit(child.pid);
    stopping ??= stopGroup(child.pid, hasExited, job.killGracePeriod);
  };
  abortSignal?.addEventListener('abort', stop, { once: true });
  if (abortSignal?.aborted) stop();
  const endAll = async () => {
    signalGroup(child.pid, 'SIGKILL');
    await killTaggedProcesses(job.tag);
  };
  try {
    // Reading comes first only when a hook threw.
    await Promise.race([gone, reading.then(() => gone)]);
    await stopping;
    moved();
    if (await isStuck(reading, () => movedAt)) {
      await endAll();
      moved();
      if (await isStuck(reading, () => movedAt)) outlet.abandon(child);
    }
    await reading;
    return { exitCode: child.exitCode, signalled: stopping !== null };
  } finally {
    abortSignal?.removeEventListener('abort', stop);
    await endAll();
  }
};

/** Runs one process group to its end, whichever way that comes, and leaves nothing of it running. */
export const runProcess = async (job: Job): Promise<Ended> => {
  if (job.abortSignal?.aborted) return { exitCode: null, signalled: true };
  const outlet = await openOutputCapture(job.command);
  try {
    return await runWith(outlet, job);
  } finally {
    await outlet.close();
  }
};
