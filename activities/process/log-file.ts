import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { openUnlinkedFile } from './unlinked-temp-file.ts';

export interface LogLimits {
  /** Bytes kept from the beginning, in a file. */
  readonly head: number;
  /** Bytes kept from the end, in memory. */
  readonly tail: number;
}

const logLimits: LogLimits = { head: 18 * 1024 * 1024, tail: 2 * 1024 * 1024 };

export interface LogFile {
  add(lines: readonly string[]): Promise<void>;
  /** The whole log, or its two ends with a line between them that says what is missing. */
  read(): Readable;
  /** Why the log is not whole: its disk was full. */
  readonly error: unknown;
  close(): Promise<void>;
}

/** A log of any length in bounded space: when it grows too long, its middle is what goes. */
export const createLogFile = async (limits: LogLimits = logLimits): Promise<LogFile> => {
  const ending: Buffer[] = [];
  let written = 0;
  let kept = 0;
  let cut = 0;
  let trouble: unknown = null;
  let file: FileHandle | null = null;
  try {
    file = await openUnlinkedFile('log');
  } catch (error) {
    trouble = error;
  }

  const keepEnding = (bytes: Buffer): void => {
    ending.push(bytes);
    kept += bytes.length;
    while (kept > limits.tail && ending.length > 1) {
      const dropped = ending.shift()?.length ?? 0;
      kept -= dropped;
      cut += dropped;
    }
  };

  async function* parts(): AsyncGenerator<Buffer> {
    if (file && written > 0) yield* file.createReadStream({ start: 0, end: written - 1, autoClose: false });
    if (cut > 0) yield Buffer.from(`\n… ${cut} bytes of the log are left out here …\n\n`);
    yield* ending;
  }

  return {
    async add(lines) {
      if (lines.length === 0) return;
      const bytes = Buffer.from(`${lines.join('\n')}\n`);
      if (!file || trouble || written + bytes.length > limits.head) return keepEnding(bytes);
      // From here on everything goes to the ending, or the order would be lost.
      if (ending.length > 0) return keepEnding(bytes);
      try {
        await file.appendFile(bytes);
        written += bytes.length;
      } catch (error) {
        trouble = error;
        keepEnding(bytes);
      }
    },
    read: () => Readable.from(parts(), { objectMode: false }),
    get error() {
      return trouble;
    },
    close: async () => file?.close(),
  };
};
