import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Moto, startMoto } from '../../test/moto.ts';
import { artifactKey, toFolderName } from './artifact-key.ts';
import { createBucketClient } from './bucket-store.ts';
import { createArtifactStore } from './create-artifact-store.ts';
import type { ArtifactStore } from './port.ts';

const run = promisify(execFile);

let folder: string;
let moto: Moto;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-artifacts-'));
  moto = await startMoto();
  await createBucketClient(moto.env).send(new CreateBucketCommand({ Bucket: 'plans' }));
}, 300_000);
afterAll(async () => {
  await moto.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Kind {
  readonly make: () => ArtifactStore;
  /** Changes a stored file without the store. */
  readonly spoil: (key: string, content: string) => Promise<void>;
}

const kinds: Record<string, Kind> = {
  'a folder': {
    make: () => createArtifactStore(`file:${join(folder, 'store')}`, {}),
    spoil: (key, content) => writeFile(join(folder, 'store', key), content),
  },
  'a bucket': {
    make: () => createArtifactStore('s3://plans/team/a', moto.env),
    spoil: async (key, Body) => {
      await createBucketClient(moto.env).send(
        new PutObjectCommand({ Bucket: 'plans', Key: `team/a/${key}`, Body }),
      );
    },
  },
};

const textOf = async (stream: Readable): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
};

describe.each(Object.keys(kinds))('%s', (name) => {
  const kind = (): Kind => kinds[name] ?? expect.fail(name);

  test('returns what was stored, with its size and digest', async () => {
    const store = kind().make();
    const ref = await store.put('run/plan.txt', 'hello');
    expect(ref).toEqual({
      key: 'run/plan.txt',
      bytes: 5,
      sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    });
    expect(await textOf(await store.open(ref))).toBe('hello');
    expect(await textOf(await store.open(await store.put('run/empty', '')))).toBe('');
  });

  test('streams files that are too large for memory, in both directions', async () => {
    const store = kind().make();
    const [source, copy] = [join(folder, `${name}.in`), join(folder, `${name}.out`)];
    const content = randomBytes(12 * 1024 * 1024);
    await writeFile(source, content);
    const ref = await store.put('run/large', createReadStream(source));
    expect(ref.bytes).toBe(content.length);
    await store.download(ref, copy);
    expect((await readFile(copy)).equals(content)).toBe(true);
  });

  test('replaces a file with its second version', async () => {
    const store = kind().make();
    await store.put('run/again', 'one');
    const ref = await store.put('run/again', Buffer.from('two'));
    expect(await textOf(await store.open(ref))).toBe('two');
  });

  test('stores nothing of a stream that fails', async () => {
    const store = kind().make();
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('half');
        throw new Error('the pipe broke');
      })(),
    );
    await expect(store.put('run/broken', broken)).rejects.toMatchObject({
      type: 'StorageFailed',
      nonRetryable: false,
      message: expect.stringContaining('the pipe broke'),
      details: [expect.objectContaining({ hint: expect.stringContaining('ARTIFACTS_URL') })],
    });
    await expect(store.open({ key: 'run/broken', bytes: 4, sha256: 'x' })).rejects.toMatchObject({
      type: 'StorageFailed',
      nonRetryable: true,
    });
  });

  test('refuses content that differs from what was stored, and leaves no copy of it', async () => {
    const store = kind().make();
    const ref = await store.put('run/plan', 'create one');
    await kind().spoil('run/plan', 'create two');
    await expect(store.open(ref).then(textOf)).rejects.toMatchObject({
      type: 'StorageFailed',
      nonRetryable: true,
      message: expect.stringContaining('reading run/plan: the content differs from what was stored'),
    });
    const copy = join(folder, `${name}.spoilt`);
    await expect(store.download(ref, copy)).rejects.toMatchObject({
      type: 'StorageFailed',
      nonRetryable: true,
    });
    expect(existsSync(copy)).toBe(false);
  });

  test('says that a file does not exist, and what to check', async () => {
    const missing = { key: 'run/nothing', bytes: 1, sha256: 'x' };
    const store = kind().make();
    for (const ask of [() => store.open(missing), () => store.download(missing, join(folder, 'x'))])
      await expect(ask()).rejects.toMatchObject({
        type: 'StorageFailed',
        nonRetryable: true,
        details: [expect.objectContaining({ hint: expect.stringContaining('ARTIFACTS_URL') })],
      });
  });

  test.each([
    '../x',
    'a/../../x',
    '/etc/passwd',
    '',
    'a//b',
    'a/./b',
    '.hidden/x',
    'a\\b',
    'a\0b',
    'a b',
    'a/',
  ])('refuses the key %j', async (key) => {
    await expect(kind().make().put(key, 'x')).rejects.toThrow('is not a valid key');
    await expect(kind().make().open({ key, bytes: 1, sha256: 'x' })).rejects.toThrow('is not a valid key');
  });
});

test('a full disk causes a failure that says so, is retried, and leaves no part of the file', async () => {
  const script = join(folder, 'put.mjs');
  const module = new URL('./create-artifact-store.ts', import.meta.url).href;
  const root = join(folder, 'full');
  await writeFile(
    script,
    `import { createArtifactStore } from ${JSON.stringify(module)};
     const store = createArtifactStore(${JSON.stringify(`file:${root}`)}, {});
     await store.put('run/small', 'x');
     await store.put('run/large', 'x'.repeat(1_000_000)).catch(({ type, message, nonRetryable, details }) =>
       console.log(JSON.stringify({ type, message, nonRetryable, hint: details[0].hint })));`,
  );
  // The kernel refuses every write beyond 50 kB, as it does when a disk or a quota is used up.
  const { stdout } = await run('/bin/sh', ['-c', 'ulimit -f 100; exec "$@"', 'sh', process.execPath, script]);
  expect(JSON.parse(stdout)).toEqual({
    type: 'StorageFailed',
    nonRetryable: false,
    message: 'storing run/large: no space left on the disk',
    hint: 'Free disk space at ARTIFACTS_URL. Quarterdeck retries automatically.',
  });
  expect(await readdir(join(root, 'run'))).toEqual(['small']);
  expect(await readdir(join(root, '.parts'))).toEqual([]);
});

test('a bucket that cannot be reached or does not exist causes a failure that is retried', async () => {
  const away = createArtifactStore('s3://plans', { ...moto.env, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });
  const wrong = createArtifactStore('s3://no-such-bucket', moto.env);
  for (const store of [away, wrong])
    await expect(store.put('run/x', 'x')).rejects.toMatchObject({
      type: 'StorageFailed',
      nonRetryable: false,
      details: [expect.objectContaining({ hint: expect.stringContaining('Check ARTIFACTS_URL') })],
    });
});

test.each(['', 'plans', 'http://x/y', 's3:///x', 'file:'])('the URL %j is refused with a reason', (url) => {
  expect(() => createArtifactStore(url, {})).toThrow('opening the artifact store: ARTIFACTS_URL');
});

test('every workflow id becomes a unique folder name, and Quarterdeck’s ids stay unchanged', () => {
  expect(artifactKey('total-build-0f2c', 'plan.txt')).toBe('total-build-0f2c/plan.txt');
  const odd = ['../x', '..', '.', 'a/b', 'a b', 'ä'.repeat(900), '', '-x', 'a\0b', 'a%2Fb'];
  const names = odd.map(toFolderName);
  expect(new Set(names).size).toBe(odd.length);
  for (const safe of names) expect(artifactKey(safe, 'x')).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_.%=@+-]*\/x$/);
});

test('a store that lost half of a file refuses it', async () => {
  const store = createArtifactStore(`file://${join(folder, 'half')}`, {});
  const ref = await store.put('run/half', 'x'.repeat(1000));
  await truncate(join(folder, 'half', 'run/half'), 500);
  await expect(store.open(ref).then(textOf)).rejects.toThrow('500 bytes, 1000 were stored');
});

test('incomplete files of a crash are deleted after a day', async () => {
  const root = join(folder, 'crashed');
  await mkdir(join(root, '.parts'), { recursive: true });
  for (const name of ['old', 'young']) await writeFile(join(root, '.parts', name), 'x');
  const longAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
  await utimes(join(root, '.parts', 'old'), longAgo, longAgo);
  await createArtifactStore(`file:${root}`, {}).put('run/x', 'x');
  expect(await readdir(join(root, '.parts'))).toEqual(['young']);
});
