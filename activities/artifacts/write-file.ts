import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable, Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import { unusableArtifact } from './storage-failure.ts';

/** Passes bytes through, and counts and hashes them. */
export class DigestStream extends Transform {
  readonly #hash = createHash('sha256');
  bytes = 0;
  sha256 = '';

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    this.#hash.update(chunk);
    done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    this.sha256 = this.#hash.digest('hex');
    done();
  }
}

/** Passes bytes through, and fails at their end if they do not match the reference. */
export class VerifyingStream extends DigestStream {
  readonly #ref: ArtifactRef;

  constructor(ref: ArtifactRef) {
    super();
    this.#ref = ref;
  }

  override _flush(done: TransformCallback): void {
    super._flush(() => {
      const same = this.sha256 === this.#ref.sha256 && this.bytes === this.#ref.bytes;
      done(
        same
          ? null
          : unusableArtifact(
              `reading ${this.#ref.key}: the content differs from what was stored (${this.bytes} bytes, ${this.#ref.bytes} were stored)`,
              'The artifact store was changed or lost data. Start a new run.',
            ),
      );
    });
  }
}

/** The content of a file. */
export type Content = Readable | Buffer | string;

/** Turns content into a stream, which can be read once. */
export const toStream = (content: Content): Readable =>
  content instanceof Readable ? content : Readable.from([Buffer.from(content)], { objectMode: false });

/** A file that was written: its size, and its SHA-256 digest in lowercase hex. */
export interface WrittenFile {
  readonly bytes: number;
  readonly sha256: string;
}

interface Writing {
  readonly check?: DigestStream;
  /** The folder of the file until it is complete. */
  readonly parts?: string;
  /** Whether to flush it to the disk first; not needed for files that can be recreated. */
  readonly flush?: boolean;
}

/** Writes a file completely or not at all: in its folder or in `parts` first, flushed, then renamed. */
export const writeFileAtomically = async (
  path: string,
  content: Content,
  { check = new DigestStream(), parts = dirname(path), flush = true }: Writing = {},
): Promise<WrittenFile> => {
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
