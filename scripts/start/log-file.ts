import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

const rotateAtBytes = 10_000_000;
const chunkBytes = 64 * 1024;

/** A child's log. The child writes into it directly, so it keeps running when this process dies. */
export interface LogFile {
  readonly path: string;
  /** A file descriptor for a child's stdout; close it after the child has started. */
  open(): number;
  /** Complete lines that were added since the last call. */
  newLines(): readonly string[];
  close(): void;
}

const rotate = (path: string): void => {
  if (existsSync(path) && statSync(path).size > rotateAtBytes) renameSync(path, `${path}.1`);
};

export const createLogFile = (path: string): LogFile => {
  mkdirSync(dirname(path), { recursive: true });
  rotate(path);
  closeSync(openSync(path, 'a'));
  const reader = openSync(path, 'r');
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.alloc(chunkBytes);
  let position = statSync(path).size;
  let rest = '';
  return {
    path,
    open: () => openSync(path, 'a'),
    newLines() {
      for (let bytes = -1; bytes !== 0; position += bytes) {
        bytes = readSync(reader, buffer, 0, chunkBytes, position);
        rest += decoder.write(buffer.subarray(0, bytes));
      }
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      return lines;
    },
    close: () => closeSync(reader),
  };
};
