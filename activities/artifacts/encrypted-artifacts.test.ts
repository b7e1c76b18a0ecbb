import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKeyRing, makeKey } from '../../encryption/testing/rings.ts';
import { createArtifactStore } from './create-artifact-store.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-sealed-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const [old, current] = [makeKey('old'), makeKey('new')];
const storeWith = (...keys: string[]) =>
  createArtifactStore(`file:${folder}`, {}, keys.length > 0 ? createKeyRing(...keys) : undefined);
const plan = `password = "hunter2"\n`.repeat(20_000);

test('a plan is stored encrypted, with the digest of its plain text', async () => {
  const ref = await storeWith(current).put('run/plan.txt', plan);
  const clearRef = await storeWith().put('run/clear.txt', plan);
  expect(ref).toEqual({ ...clearRef, key: 'run/plan.txt' });
  expect((await readFile(join(folder, 'run/plan.txt'))).includes('hunter2')).toBe(false);
  expect(await text(await storeWith(current).open(ref))).toBe(plan);
  const copy = join(folder, 'copy.txt');
  await storeWith(old, current).download(ref, copy);
  expect(await readFile(copy, 'utf8')).toBe(plan);
});

test('a plan that was stored unencrypted is still read with encryption on', async () => {
  const ref = await storeWith().put('run/before.txt', plan);
  expect(await text(await storeWith(current).open(ref))).toBe(plan);
});

test('a store without the key names the key and the fix, and its failure is retried', async () => {
  const ref = await storeWith(old).put('run/rotated.txt', plan);
  const refusal = {
    type: 'StorageFailed',
    nonRetryable: false,
    message: expect.stringContaining(
      'run/rotated.txt: decrypting: the key "old" is missing from ENCRYPTION_KEYS',
    ),
    details: [expect.objectContaining({ hint: expect.stringContaining('ENCRYPTION_KEYS') })],
  };
  for (const store of [storeWith(), storeWith(current)]) {
    await expect(store.open(ref).then(text)).rejects.toMatchObject(refusal);
    await expect(store.download(ref, join(folder, 'none'))).rejects.toMatchObject(refusal);
  }
  await expect(readFile(join(folder, 'none'))).rejects.toThrow('ENOENT');
});

test('large files are streamed', async () => {
  const content = randomBytes(5_000_000);
  const ref = await storeWith(current).put('run/large', content);
  expect(ref.bytes).toBe(content.length);
  expect((await buffer(await storeWith(current).open(ref))).equals(content)).toBe(true);
});
