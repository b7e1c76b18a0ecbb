import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { killTaggedProcesses } from './orphan-processes.ts';
import { type OutputCapture, openOutputCapture } from './output-capture.ts';
import { createLineSplitter } from './output-lines.ts';
import type { CommandResult, ProcessCommand } from './port.ts';
import { type KillGracePeriod, keepOnExit, signalGroup, startProcess, stopGroup } from './process-group.ts';

type TakeLines = (lines: readonly string[]) => Promise<void>;
type ProcessExit = Pick<CommandResult, 'exitCode' | 'signalled'>;

interface Job {
  readonly command: ProcessCommand;
  readonly env: Record<string, string>;
  readonly tag: string;
  readonly killGracePeriod: KillGracePeriod;
  readonly abortSignal: AbortSignal | null;
  readonly onStdout: TakeLines;
  readonly onStderr: TakeLines;
}

/** How long an output may stay open without new data after the command has ended. */
const drainMs = 500;

const read = async (output: AsyncIterable<Buffer>, take: TakeLines, onData: () => void): Promise<void> => {
  const lines = createLineSplitter();
  for await (const chunk of output) {
    onData();
    await take(lines.add(chunk));
  }
  await take(lines.end());
};

/** Waits until the reading ends (false), or no data has arrived for a while (true). */
const isStuck = async (reading: Promise<unknown>, lastDataAt: () => number): Promise<boolean> => {
  for (;;) {
    const ended = await Promise.race([reading.then(() => true), sleep(drainMs, false, { ref: false })]);
    if (ended) return false;
    if (Date.now() - lastDataAt() >= drainMs) return true;
  }
};

const runWith = async (capture: OutputCapture, job: Job): Promise<ProcessExit> => {
  const { abortSignal, command } = job;
  const child = await startProcess(command, job.env, capture.targets);
  const hasExited = () => child.exitCode !== null || child.signalCode !== null;
  const exited = once(child, 'exit');
  let dataAt = Date.now();
  const onData = () => {
    dataAt = Date.now();
  };
  const [stdout, stderr] = capture.read(child);
  const reading = Promise.all([read(stdout, job.onStdout, onData), read(stderr, job.onStderr, onData)]);
  let stopping: Promise<void> | null = null;
  const stop = () => {
    if (hasExited()) return;
    if (command.outlivesWorker) keepOnExit(child.pid);
    stopping ??= stopGroup(child.pid, hasExited, job.killGracePeriod);
  };
  abortSignal?.addEventListener('abort', stop, { once: true });
  if (abortSignal?.aborted) stop();
  const killAll = async () => {
    signalGroup(child.pid, 'SIGKILL');
    await killTaggedProcesses(job.tag);
  };
  try {
    // The reading ends first only if a hook threw.
    await Promise.race([exited, reading.then(() => exited)]);
    await stopping;
    onData();
    if (await isStuck(reading, () => dataAt)) {
      await killAll();
      onData();
      if (await isStuck(reading, () => dataAt)) capture.abandon(child);
    }
    await reading;
    return { exitCode: child.exitCode, signalled: stopping !== null };
  } finally {
    abortSignal?.removeEventListener('abort', stop);
    await killAll();
  }
};

/**
 * Runs a command until its process group has ended, and kills what it left running.
 * An aborted signal stops the group; the result is then `signalled`.
 */
export const runProcess = async (job: Job): Promise<ProcessExit> => {
  if (job.abortSignal?.aborted) return { exitCode: null, signalled: true };
  const capture = await openOutputCapture(job.command);
  try {
    return await runWith(capture, job);
  } finally {
    await capture.close();
  }
};
