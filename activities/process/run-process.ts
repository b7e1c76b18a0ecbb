import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLineSplitter } from './line-splitter.ts';
import type { Command, CommandResult } from './port.ts';
import { type Patience, signalGroup, stopGroup } from './process-group.ts';
import { startProcess } from './start-process.ts';
import { endStragglers } from './stragglers.ts';

type TakeLines = (lines: readonly string[]) => Promise<void>;

interface Job {
  readonly command: Command;
  readonly env: Record<string, string>;
  readonly mark: string;
  readonly patience: Patience;
  readonly abortSignal: AbortSignal | null;
  readonly onStdout: TakeLines;
  readonly onStderr: TakeLines;
}

/** How long a pipe may stay open, with nothing coming out of it, after the command has ended. */
const drainMs = 500;

const read = async (stream: Readable | null, take: TakeLines, moved: () => void): Promise<void> => {
  if (!stream) return;
  const lines = createLineSplitter();
  try {
    for await (const chunk of stream) {
      moved();
      await take(lines.add(chunk));
    }
  } catch (error) {
    // Closing a pipe that somebody else held open ends the reading in this way.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'))
      throw error;
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

/** Runs one process group to its end, whichever way that comes, and leaves nothing of it running. */
export const runProcess = async (job: Job): Promise<Pick<CommandResult, 'exitCode' | 'signalled'>> => {
  const { abortSignal, command } = job;
  if (abortSignal?.aborted) return { exitCode: null, signalled: true };
  const child = await startProcess(command, job.env);
  const hasExited = () => child.exitCode !== null || child.signalCode !== null;
  const gone = once(child, 'exit');
  let movedAt = Date.now();
  const moved = () => {
    movedAt = Date.now();
  };
  const reading = Promise.all([
    read(child.stdout, job.onStdout, moved),
    read(child.stderr, job.onStderr, moved),
  ]);
  let stopping: Promise<void> | null = null;
  const stop = () => {
    if (!hasExited()) stopping ??= stopGroup(child.pid, hasExited, job.patience);
  };
  abortSignal?.addEventListener('abort', stop, { once: true });
  if (abortSignal?.aborted) stop();
  const endAll = async () => {
    signalGroup(child.pid, 'SIGKILL');
    await endStragglers(job.mark);
  };
  try {
    // Reading comes first only when a hook threw.
    await Promise.race([gone, reading.then(() => gone)]);
    await stopping;
    moved();
    if (await isStuck(reading, () => movedAt)) {
      await endAll();
      moved();
      if (await isStuck(reading, () => movedAt)) {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }
    }
    await reading;
    return { exitCode: child.exitCode, signalled: stopping !== null };
  } finally {
    abortSignal?.removeEventListener('abort', stop);
    await endAll();
  }
};
