import { Transform, type TransformCallback } from 'node:stream';
import { DecryptionError } from './decryption-error.ts';
import { bindFrame, decodeHeader, frameBytes, lengthBytes, magic } from './frames.ts';
import type { EncryptionKey, KeyRing } from './keys.ts';
import { keyOf, sealBytes, unseal } from './sealed.ts';

/** Decrypts what `SealStream` made; a file that was stored in clear flows through as it stands. */
export class UnsealStream extends Transform {
  readonly #ring: KeyRing;
  #opened: { readonly key: EncryptionKey; readonly header: Buffer } | null = null;
  #isClear = false;
  #waiting: Buffer = Buffer.alloc(0);
  #count = 0;

  readonly #describe: (error: unknown) => Error;

  /** `describe` says of what the file was when it cannot be decrypted. */
  constructor(ring: KeyRing, describe: (error: unknown) => Error) {
    super();
    this.#ring = ring;
    this.#describe = describe;
  }

  /** Reads the header; false while too little has come to tell. */
  #begin(): boolean {
    const seen = this.#waiting.subarray(0, magic.length);
    if (!seen.equals(magic.subarray(0, seen.length))) {
      this.#isClear = true;
      return true;
    }
    const found = decodeHeader(this.#waiting);
    if (!found) return false;
    this.#opened = { key: keyOf(this.#ring, found.keyId), header: found.header };
    this.#waiting = this.#waiting.subarray(found.header.length);
    return true;
  }

  #open({ key, header }: { readonly key: EncryptionKey; readonly header: Buffer }, isEnd: boolean): void {
    while (this.#waiting.length >= lengthBytes) {
      const length = this.#waiting.readUInt32BE();
      if (length > frameBytes + sealBytes) throw new DecryptionError(key.id, 'changed');
      const end = lengthBytes + length;
      // Only the end of the file tells the last frame, so one that might be it waits.
      if (this.#waiting.length < end || (this.#waiting.length === end && !isEnd)) break;
      const isLast = isEnd && this.#waiting.length === end;
      this.push(
        unseal(key, this.#waiting.subarray(lengthBytes, end), bindFrame(header, this.#count, isLast)),
      );
      this.#count += 1;
      this.#waiting = this.#waiting.subarray(end);
      if (isLast) return;
    }
    if (isEnd) throw new DecryptionError(key.id, 'changed');
  }

  #take(isEnd: boolean): void {
    if (!this.#opened && !this.#isClear && !this.#begin() && !isEnd) return;
    if (this.#opened) {
      this.#open(this.#opened, isEnd);
      return;
    }
    this.push(this.#waiting);
    this.#waiting = Buffer.alloc(0);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#waiting = this.#waiting.length > 0 ? Buffer.concat([this.#waiting, chunk]) : chunk;
    this.#settle(false, done);
  }

  override _flush(done: TransformCallback): void {
    this.#settle(true, done);
  }

  #settle(isEnd: boolean, done: TransformCallback): void {
    try {
      this.#take(isEnd);
    } catch (error) {
      done(this.#describe(error));
      return;
    }
    done();
  }
}
