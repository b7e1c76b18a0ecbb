import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { describe, expect, test } from 'vitest';
import { type KeyRing, noKeys } from './keys.ts';
import { sealOverheadBytes } from './sealed.ts';
import { encodeHeader, frameBytes, lengthBytes, magic, SealStream, UnsealStream } from './sealed-stream.ts';
import { createKeyRing, makeKey } from './testing/rings.ts';

const ring = createKeyRing(makeKey('k1'));
const asError = (error: unknown): Error => error as Error;

const piecesOf = (content: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(content.length / size) }, (_, index) =>
    content.subarray(index * size, (index + 1) * size),
  );

/** Through the stream in pieces of that size, as a disk or a network would hand it on. */
const through = async (
  content: Buffer,
  stream: SealStream | UnsealStream,
  size = 10_007,
): Promise<Buffer> => {
  const [, out] = await Promise.all([
    pipeline(Readable.from(piecesOf(content, size)), stream),
    buffer(stream),
  ]);
  return out;
};
const sealed = (content: Buffer): Promise<Buffer> =>
  through(content, new SealStream(ring.active ?? expect.fail('no key')));
const unsealed = (content: Buffer, keys: KeyRing = ring, size?: number): Promise<Buffer> =>
  through(content, new UnsealStream(keys, asError), size);

test.each([0, 1, frameBytes - 1, frameBytes, frameBytes + 1, 3 * frameBytes, 300_000])(
  'a file of %i bytes comes back as it was, in pieces of any size',
  async (size) => {
    const content = randomBytes(size);
    const file = await sealed(content);
    for (const pieces of [file.length, 65_536, 1009])
      expect((await unsealed(file, ring, pieces)).equals(content)).toBe(true);
    if (size < 2) expect((await unsealed(file, ring, 1)).equals(content)).toBe(true);
  },
);

test('an encrypted file contains no clear text', async () => {
  expect((await sealed(Buffer.from('hunter2'.repeat(20_000)))).includes('hunter2')).toBe(false);
});

test.each(['', 'x', '\u0000QD', 'a plan in clear', magic.toString('latin1')])(
  'a file that was stored in clear, such as %j, is read as it stands',
  async (text) => {
    const clear = Buffer.from(text);
    for (const keys of [ring, noKeys]) expect((await unsealed(clear, keys, 3)).equals(clear)).toBe(true);
  },
);

describe('decryption of a file fails', () => {
  const header = encodeHeader('k1').length;
  const frame = lengthBytes + frameBytes + sealOverheadBytes;
  const whole = sealed(randomBytes(2 * frameBytes + 100));
  const cut = (file: Buffer, from: number, to: number): Buffer =>
    Buffer.concat([file.subarray(0, from), file.subarray(to)]);
  const flip = (file: Buffer, at: number): Buffer => {
    const turned = Buffer.from(file);
    turned[at] = (turned[at] ?? 0) ^ 1;
    return turned;
  };

  test.each<[string, (file: Buffer) => Buffer]>([
    ['a bit of the text', (file) => flip(file, header + 40)],
    ['a bit of a length', (file) => flip(file, header)],
    ['the last frame left out', (file) => file.subarray(0, header + 2 * frame)],
    ['the first frame left out', (file) => cut(file, header, header + frame)],
    ['cut in the middle of a frame', (file) => file.subarray(0, header + 1000)],
    ['only the header', (file) => file.subarray(0, header)],
    [
      'two frames exchanged',
      (file) =>
        Buffer.concat([
          file.subarray(0, header),
          file.subarray(header + frame, header + 2 * frame),
          file.subarray(header, header + frame),
          file.subarray(header + 2 * frame),
        ]),
    ],
    ['something added', (file) => Buffer.concat([file, file.subarray(header)])],
  ])('when %s', async (_, change) => {
    await expect(unsealed(change(await whole))).rejects.toThrow(
      'the key "k1" of ENCRYPTION_KEYS does not match',
    );
  });

  test('when its key is missing', async () => {
    for (const keys of [noKeys, createKeyRing(makeKey('k2'))])
      await expect(unsealed(await whole, keys)).rejects.toThrow(
        'the key "k1" is missing from ENCRYPTION_KEYS',
      );
  });
});
