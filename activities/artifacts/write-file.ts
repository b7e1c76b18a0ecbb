import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DigestStream } from './digest.ts';

export type Content = Readable | Buffer | string;

export const toStream = (content: Content): Readable =>
  content instanceof Readable ? content : Readable.from([Buffer.from(content)], { objectMode: false });

export interface Written {
  readonly bytes: number;
  readonly sha256: string;
}

/** Leftovers of a write that a crash interrupted carry this, and can be swept away. */
export const partMark = '.part-';

/** Writes a file whole or not at all: beside its place first, flushed to the disk, then renamed. */
export const writeWhole = async (
  path: string,
  content: Content,
  check = new DigestStream(),
): Promise<Written> => {
  const part = join(dirname(path), `.${basename(path).slice(0, 100)}${partMark}${randomUUID()}`);
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = createWriteStream(part, { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(toStream(content), check, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  await rename(part, path);
  return { bytes: check.bytes, sha256: check.sha256 };
};
