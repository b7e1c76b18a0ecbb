import { Transform, type TransformCallback } from 'node:stream';
import { bindFrame, encodeHeader, encodeLength, frameBytes } from './frames.ts';
import type { EncryptionKey } from './keys.ts';
import { seal } from './sealed.ts';

/** Encrypts a file as it flows: a header that names the key, then frames, the last one marked. */
export class SealStream extends Transform {
  readonly #key: EncryptionKey;
  readonly #header: Buffer;
  #waiting = Buffer.alloc(0);
  #count = 0;

  constructor(key: EncryptionKey) {
    super();
    this.#key = key;
    this.#header = encodeHeader(key.id);
    this.push(this.#header);
  }

  #seal(clear: Buffer, isLast: boolean): void {
    const sealed = seal(this.#key, clear, bindFrame(this.#header, this.#count, isLast));
    this.#count += 1;
    this.push(Buffer.concat([encodeLength(sealed.length), sealed]));
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let rest = this.#waiting.length > 0 ? Buffer.concat([this.#waiting, chunk]) : chunk;
    // The last frame must be known for one, so a full frame waits until something follows it.
    for (; rest.length > frameBytes; rest = rest.subarray(frameBytes))
      this.#seal(rest.subarray(0, frameBytes), false);
    this.#waiting = Buffer.from(rest);
    done();
  }

  override _flush(done: TransformCallback): void {
    this.#seal(this.#waiting, true);
    done();
  }
}
