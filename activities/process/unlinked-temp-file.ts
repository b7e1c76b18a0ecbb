import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const lookAgainMs = 100;
const chunkBytes = 64 * 1024;

/** Until it is time to look again, or the process has ended. */
const pause = (child: ChildProcess): Promise<void> =>
  new Promise((resume) => {
    const go = (): void => {
      clearTimeout(timer);
      child.off('exit', go);
      resume();
    };
    const timer = setTimeout(go, lookAgainMs);
    child.once('exit', go);
  });

/** Reads a file while a process writes it, from its beginning to the end that it has when all is over. */
export async function* followFile(
  file: FileHandle,
  child: ChildProcess,
  isOver: () => Promise<boolean>,
): AsyncGenerator<Buffer> {
  const chunk = Buffer.alloc(chunkBytes);
  let at = 0;
  for (;;) {
    // Asked before the reading: what was written until then is read below.
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

/** A file that lives as long as it is open: no way of dying leaves it behind. Writing adds to its end. */
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
