import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import { brokenArtifact } from './storage-failure.ts';

/** Passes bytes through and knows their number and digest. */
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

/** Passes bytes through and fails at their end when they are not what the reference says. */
export class CheckedStream extends DigestStream {
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
          : brokenArtifact(
              `reading ${this.#ref.key}: its content is not what was stored (${this.bytes} bytes, ${this.#ref.bytes} were stored)`,
              'Somebody changed the artifact store, or it lost data. Begin the deployment again.',
            ),
      );
    });
  }
}
