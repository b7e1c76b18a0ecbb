import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file that lives as long as it is open: no way of dying leaves it behind. Writing adds to its end. */
export const openNamelessFile = async (what: string): Promise<FileHandle> => {
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
