import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { openUnlinkedFile } from './unlinked-temp-file.ts';

/** How much of a log is kept. */
export interface LogLimits {
  /** Bytes of its beginning, kept in a file. */
  readonly head: number;
  /** Bytes of its end, kept in memory. */
  readonly tail: number;
}

const defaultLogLimits: LogLimits = { head: 18 * 1024 * 1024, tail: 2 * 1024 * 1024 };

/** The log of one command. */
export interface LogFile {
  /** Appends lines. Never rejects: see `error`. */
  add(lines: readonly string[]): Promise<void>;
  /** The whole log; if it exceeds the limits, both ends and a line that says how much is omitted. */
  read(): Readable;
  /** Why the log is incomplete, such as a full disk; null if it is complete. */
  readonly error: unknown;
  close(): Promise<void>;
}

/** Keeps a log of any length in bounded space. A log that exceeds the limits loses its middle. */
export const createLogFile = async (limits: LogLimits = defaultLogLimits): Promise<LogFile> => {
  const ending: Buffer[] = [];
  let written = 0;
  let kept = 0;
  let omitted = 0;
  let failure: unknown = null;
  let file: FileHandle | null = null;
  try {
    file = await openUnlinkedFile('log');
  } catch (error) {
    failure = error;
  }

  const keepEnding = (bytes: Buffer): void => {
    ending.push(bytes);
    kept += bytes.length;
    while (kept > limits.tail && ending.length > 1) {
      const dropped = ending.shift()?.length ?? 0;
      kept -= dropped;
      omitted += dropped;
    }
  };

  async function* parts(): AsyncGenerator<Buffer> {
    if (file && written > 0) yield* file.createReadStream({ start: 0, end: written - 1, autoClose: false });
    if (omitted > 0) yield Buffer.from(`\n[${omitted} bytes omitted]\n\n`);
    yield* ending;
  }

  return {
    async add(lines) {
      if (lines.length === 0) return;
      const bytes = Buffer.from(`${lines.join('\n')}\n`);
      if (!file || failure || written + bytes.length > limits.head) return keepEnding(bytes);
      // Once the ending has lines, later ones must follow them there to keep the order.
      if (ending.length > 0) return keepEnding(bytes);
      try {
        await file.appendFile(bytes);
        written += bytes.length;
      } catch (error) {
        failure = error;
        keepEnding(bytes);
      }
    },
    read: () => Readable.from(parts(), { objectMode: false }),
    get error() {
      return failure;
    },
    close: async () => file?.close(),
  };
};
