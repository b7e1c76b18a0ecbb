import { Transform, type TransformCallback } from 'node:stream';
import { DecryptionError } from './decryption-error.ts';
import type { EncryptionKey, KeyRing } from './keys.ts';
import { requireKey, seal, sealOverheadBytes, unseal } from './sealed.ts';

/** Clear bytes in one frame; the last frame of a file can be shorter. */
export const frameBytes = 64 * 1024;

/** The first bytes of every encrypted file. No text and no Terraform plan starts with them. */
export const magic = Buffer.from('\x00QDSEAL1', 'latin1');

/** The header of an encrypted file: the magic, the length of the key ID in one byte, the key ID. */
export const encodeHeader = (keyId: string): Buffer =>
  Buffer.concat([magic, Buffer.from([keyId.length]), Buffer.from(keyId)]);

/** Reads the key ID and the header from the start of a file; null while `bytes` is too short. */
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

/** Size of the length field in front of each frame, in bytes. */
export const lengthBytes = 4;

const encodeLength = (length: number): Buffer => {
  const bytes = Buffer.alloc(lengthBytes);
  bytes.writeUInt32BE(length);
  return bytes;
};

/** Authenticated data of a frame: its index and the last-frame mark, so frames cannot be dropped, repeated or moved. */
const bindFrame = (header: Buffer, index: number, isLast: boolean): Buffer => {
  const position = Buffer.alloc(9);
  position.writeBigUInt64BE(BigInt(index));
  position[8] = isLast ? 1 : 0;
  return Buffer.concat([header, position]);
};

/** Encrypts a file as a stream: a header that names the key, then frames, the last one marked. */
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
    // The last frame carries a mark, so a full frame waits until more bytes follow.
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

/** Decrypts the output of `SealStream`. A file that was stored in clear passes through unchanged. */
export class UnsealStream extends Transform {
  readonly #ring: KeyRing;
  #opened: { readonly key: EncryptionKey; readonly header: Buffer } | null = null;
  #isClear = false;
  #waiting: Buffer = Buffer.alloc(0);
  #count = 0;

  readonly #describe: (error: unknown) => Error;

  /** `describe` turns a decryption error into one that names the file. */
  constructor(ring: KeyRing, describe: (error: unknown) => Error) {
    super();
    this.#ring = ring;
    this.#describe = describe;
  }

  /** Reads the header; false while the buffer is too short. */
  #begin(): boolean {
    const start = this.#waiting.subarray(0, magic.length);
    if (!start.equals(magic.subarray(0, start.length))) {
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
      // The end of the file marks the last frame, so a complete frame waits for more bytes or the end.
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
