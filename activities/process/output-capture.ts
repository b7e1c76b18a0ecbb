import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { storageFailure } from '../artifacts/storage-failure.ts';
import type { ProcessCommand } from './port.ts';
import type { StdioTarget } from './process-group.ts';
import { isAlive } from './process-group.ts';
import { followFile, openUnlinkedFile } from './unlinked-temp-file.ts';

type Child = ChildProcess & { readonly pid: number };
type Both<T> = readonly [stdout: T, stderr: T];

/** The way by which a command's output comes to us. */
export interface OutputCapture {
  readonly targets: Both<StdioTarget>;
  /** What the command prints, as it comes; a chunk is good until the next one is asked for. */
  read(child: Child): Both<AsyncIterable<Buffer>>;
  /** Ends the reading, although somebody may still print. */
  abandon(child: Child): void;
  close(): Promise<void>;
}

async function* readPipe(pipe: Readable | null): AsyncGenerator<Buffer> {
  if (!pipe) return;
  try {
    yield* pipe;
  } catch (error) {
    // Closing a pipe that somebody else held open ends the reading in this way.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'))
      throw error;
  }
}

const pipes: OutputCapture = {
  targets: ['pipe', 'pipe'],
  read: ({ stdout, stderr }) => [readPipe(stdout), readPipe(stderr)],
  abandon({ stdout, stderr }) {
    stdout?.destroy();
    stderr?.destroy();
  },
  close: async () => undefined,
};

const openFiles = async (operation: string) => {
  try {
    const stdout = await openUnlinkedFile('output');
    return [stdout, await openUnlinkedFile('output')] as const;
  } catch (error) {
    throw storageFailure(operation, error);
  }
};

/** A file has no end that its writers could tell by leaving, so we look whether any of them is left. */
const createFileOutlet = async (operation: string): Promise<OutputCapture> => {
  const [stdout, stderr] = await openFiles(operation);
  let abandoned = false;
  return {
    targets: [stdout.fd, stderr.fd],
    read(child) {
      const hasExited = () => child.exitCode !== null || child.signalCode !== null;
      const isOver = async () => abandoned || (hasExited() && !(await isAlive(child.pid)));
      return [followFile(stdout, child, isOver), followFile(stderr, child, isOver)];
    },
    abandon() {
      abandoned = true;
    },
    close: async () => {
      await Promise.all([stdout.close(), stderr.close()]);
    },
  };
};

export const openOutputCapture = async ({
  outlivesWorker: outlives,
  operation,
}: ProcessCommand): Promise<OutputCapture> => (outlives ? createFileOutlet(operation) : pipes);
