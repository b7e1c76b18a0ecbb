import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Opens a temporary file that has no name, so that no crash leaves it behind. Writes append to it. */
export const openUnlinkedFile = async (what: string): Promise<FileHandle> => {
  const path = join(tmpdir(), `quarterdeck-${what}-${randomUUID()}`);
  const file = await open(path, 'ax+', 0o600);
  try {
    await rm(path);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
};

const pollIntervalMs = 100;
const chunkBytes = 64 * 1024;

/** Waits for the poll interval, or until the process ends. */
const pause = (child: ChildProcess): Promise<void> =>
  new Promise((resume) => {
    const go = (): void => {
      clearTimeout(timer);
      child.off('exit', go);
      resume();
    };
    const timer = setTimeout(go, pollIntervalMs);
    child.once('exit', go);
  });

/**
 * Reads a file from its beginning while a process writes it. Ends when `isOver` resolves to true and the
 * file is read to its end. A chunk is valid only until the next one is requested.
 */
export async function* followFile(
  file: FileHandle,
  child: ChildProcess,
  isOver: () => Promise<boolean>,
): AsyncGenerator<Buffer> {
  const chunk = Buffer.alloc(chunkBytes);
  let at = 0;
  for (;;) {
    // Checked before the file is read, so that everything written until then is read below.
    const over = await isOver();
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunkBytes, at);
      if (bytesRead === 0) break;
      at += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
    if (over) return;
    await pause(child);
  }
}
