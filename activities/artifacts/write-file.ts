import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DigestStream } from './digest.ts';

export type Content = Readable | Buffer | string;

/** Content of any kind, to be read once. */
export const toStream = (content: Content): Readable =>
  content instanceof Readable ? content : Readable.from([Buffer.from(content)], { objectMode: false });

export interface Written {
  readonly bytes: number;
  readonly sha256: string;
}

interface Writing {
  readonly check?: DigestStream;
  /** Where the file is until it is whole. */
  readonly parts?: string;
  /** Flushed to the disk before it counts as written; not needed for what can be had again. */
  readonly flush?: boolean;
}

/** Writes a file whole or not at all: beside its place or in `parts` first, flushed to the disk, then renamed. */
export const writeWhole = async (
  path: string,
  content: Content,
  { check = new DigestStream(), parts = dirname(path), flush = true }: Writing = {},
): Promise<Written> => {
  const part = join(parts, `.${basename(path).slice(0, 100)}.part-${randomUUID()}`);
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = createWriteStream(part, { flags: 'wx', mode: 0o600, flush });
    await pipeline(toStream(content), check, file);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  return { bytes: check.bytes, sha256: check.sha256 };
};
