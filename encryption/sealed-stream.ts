import { Transform, type TransformCallback } from 'node:stream';
import { DecryptionError } from './decryption-error.ts';
import type { EncryptionKey, KeyRing } from './keys.ts';
import { requireKey, seal, sealOverheadBytes, unseal } from './sealed.ts';

/** How much of a file is encrypted at once. */
export const frameBytes = 64 * 1024;

/** Begins every encrypted file; no text and no Terraform plan begins so. */
export const magic = Buffer.from('\x00QDSEAL1', 'latin1');

/** The magic, the length of the key's id in one byte, the id. */
export const encodeHeader = (keyId: string): Buffer =>
  Buffer.concat([magic, Buffer.from([keyId.length]), Buffer.from(keyId)]);

/** The id and the length of a header, or null while `bytes` does not hold all of it. */
const decodeHeader = (bytes: Buffer): { readonly keyId: string; readonly header: Buffer } | null => {
  const idLength = bytes[magic.length];
  if (idLength === undefined) return null;
  const end = magic.length + 1 + idLength;
  if (bytes.length < end) return null;
  return {
    keyId: bytes.subarray(magic.length + 1, end).toString(),
    header: Buffer.from(bytes.subarray(0, end)),
  };
};

/** Before each frame: how long it is. */
export const lengthBytes = 4;

const encodeLength = (length: number): Buffer => {
  const bytes = Buffer.alloc(lengthBytes);
  bytes.writeUInt32BE(length);
  return bytes;
};

/** What a frame is signed with, so that none can be left out, repeated, moved or taken for the last. */
const bindFrame = (header: Buffer, count: number, isLast: boolean): Buffer => {
  const place = Buffer.alloc(9);
  place.writeBigUInt64BE(BigInt(count));
  place[8] = isLast ? 1 : 0;
  return Buffer.concat([header, place]);
};

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
    this.#opened = { key: requireKey(this.#ring, found.keyId), header: found.header };
    this.#waiting = this.#waiting.subarray(found.header.length);
    return true;
  }

  #open({ key, header }: { readonly key: EncryptionKey; readonly header: Buffer }, isEnd: boolean): void {
    while (this.#waiting.length >= lengthBytes) {
      const length = this.#waiting.readUInt32BE();
      if (length > frameBytes + sealOverheadBytes) throw new DecryptionError(key.id, 'changed');
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
