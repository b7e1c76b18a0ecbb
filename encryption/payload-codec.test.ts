import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readKeys } from './keys.ts';
import { createPayloadCodec, isEncrypted } from './payload-codec.ts';
import { createKeyRing, makeKey } from './testing/rings.ts';

const [old, current] = [makeKey('old'), makeKey('new')];
const payload = (value: unknown): Payload => defaultPayloadConverter.toPayload(value) as Payload;
const secret = payload({ plan: 'aws_instance.web', password: 'hunter2' });

const encryptedWith = async (...keys: string[]): Promise<Payload> => {
  const [sealed] = await createPayloadCodec(createKeyRing(...keys)).encode([secret]);
  return sealed ?? expect.fail('nothing was encoded');
};
const decodedWith = async (sealed: Payload, ...keys: string[]): Promise<unknown> => {
  const [clear] = await createPayloadCodec(createKeyRing(...keys)).decode([sealed]);
  return defaultPayloadConverter.fromPayload(clear ?? expect.fail('nothing was decoded'));
};

test('every encrypted payload decrypts to the original', async () => {
  const codec = createPayloadCodec(createKeyRing(current));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue()), async (values) => {
      const clear = values.map(payload);
      const sealed = await codec.encode(clear);
      expect(sealed.every(isEncrypted)).toBe(true);
      const back = await codec.decode(sealed);
      expect(back.map((each) => defaultPayloadConverter.fromPayload(each))).toEqual(
        clear.map((each) => defaultPayloadConverter.fromPayload(each)),
      );
    }),
  );
});

test('a payload shows no clear text, and the same text never encrypts to the same bytes', async () => {
  const [one, two] = [await encryptedWith(current), await encryptedWith(current)];
  for (const { data, metadata } of [one, two]) {
    expect(Buffer.from(data ?? []).toString('latin1')).not.toMatch(/hunter2|aws_instance|json/);
    expect(Object.keys(metadata ?? {})).toEqual(['encoding', 'encryption-key-id']);
    expect(Buffer.from(metadata?.['encryption-key-id'] ?? []).toString()).toBe('new');
  }
  expect(Buffer.from(one.data ?? [])).not.toEqual(Buffer.from(two.data ?? []));
});

test('processes before and after a key rotation read each other', async () => {
  const value = { plan: 'aws_instance.web', password: 'hunter2' };
  expect(await decodedWith(await encryptedWith(old, current), current, old)).toEqual(value);
  expect(await decodedWith(await encryptedWith(current, old), old, current)).toEqual(value);
});

test('clear payloads stay readable, and stay clear without ENCRYPT_PAYLOADS', async () => {
  const read = readKeys(current, { encrypts: false });
  const codec = createPayloadCodec('ring' in read ? read.ring : expect.fail('no ring'));
  expect(await codec.encode([secret])).toEqual([secret]);
  expect(await codec.decode([secret])).toEqual([secret]);
  expect(await codec.decode([await encryptedWith(current)])).toHaveLength(1);
});

test('an encrypted payload is not encrypted again', async () => {
  const sealed = await encryptedWith(current);
  expect(await createPayloadCodec(createKeyRing(old)).encode([sealed])).toEqual([sealed]);
});

describe('decryption fails with a clear error', () => {
  test('when the key was removed', async () => {
    const refused = decodedWith(await encryptedWith(old), current);
    await expect(refused).rejects.toThrow(
      'decrypting: the key "old" is missing from ENCRYPTION_KEYS of this process',
    );
  });

  test('when another key has the same ID', async () => {
    const refused = decodedWith(await encryptedWith(current), makeKey('new'));
    await expect(refused).rejects.toThrow('the key "new" of ENCRYPTION_KEYS does not match');
  });

  test('when any bit of the data or of the key ID was changed', async () => {
    const sealed = await encryptedWith(current, old);
    const data = Buffer.from(sealed.data ?? []);
    for (const at of [0, 11, 12, data.length - 17, data.length - 1]) {
      const turned = Buffer.from(data);
      turned[at] = (turned[at] ?? 0) ^ 1;
      await expect(decodedWith({ ...sealed, data: turned }, current, old)).rejects.toThrow('does not match');
    }
    const renamed = { ...sealed.metadata, 'encryption-key-id': Buffer.from('old') };
    await expect(decodedWith({ ...sealed, metadata: renamed }, current, old)).rejects.toThrow(
      'does not match',
    );
    for (const short of [Buffer.alloc(0), data.subarray(0, 27)])
      await expect(decodedWith({ ...sealed, data: short }, current)).rejects.toThrow('does not match');
  });

  test('without quoting a forged key ID', async () => {
    const sealed = await encryptedWith(current);
    const metadata = { ...sealed.metadata, 'encryption-key-id': Buffer.from('\u001b[31m<b>') };
    await expect(decodedWith({ ...sealed, metadata }, current)).rejects.toThrow('the key "??31m?b?"');
  });
});
