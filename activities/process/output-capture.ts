import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { storageFailure } from '../artifacts/storage-failure.ts';
import type { ProcessCommand } from './port.ts';
import type { StdioTarget } from './process-group.ts';
import { isAlive } from './process-group.ts';
import { followFile, openUnlinkedFile } from './unlinked-temp-file.ts';

type Child = ChildProcess & { readonly pid: number };
type Both<T> = readonly [stdout: T, stderr: T];

/** Reads a command's output, through pipes or through files. */
export interface OutputCapture {
  /** What to give the command as stdout and stderr. */
  readonly targets: Both<StdioTarget>;
  /** The output as it arrives. A chunk is valid only until the next one is requested. */
  read(child: Child): Both<AsyncIterable<Buffer>>;
  /** Stops reading, although a process may still write. */
  abandon(child: Child): void;
  close(): Promise<void>;
}

async function* readPipe(pipe: Readable | null): AsyncGenerator<Buffer> {
  if (!pipe) return;
  try {
    yield* pipe;
  } catch (error) {
    // This ends the reading when `abandon` closes a pipe that another process holds open.
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

/** A file does not end when its writers exit, so this polls whether a process of the group is left. */
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

/**
 * Prepares to read a command's output: files if the command outlives the worker, pipes otherwise.
 * @throws failureTypes.storageFailed (retried) when the files cannot be created.
 */
export const openOutputCapture = async ({
  outlivesWorker: outlives,
  operation,
}: ProcessCommand): Promise<OutputCapture> => (outlives ? createFileOutlet(operation) : pipes);
