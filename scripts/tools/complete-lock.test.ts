import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { missingEntries } from './complete-lock.mjs';

test('package-lock.json names the packages of every system; if not: node scripts/tools/complete-lock.mjs', async () => {
  const lock = JSON.parse(await readFile(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
    packages: Record<string, object>;
  };
  expect(missingEntries(lock.packages).map(([place]) => place)).toEqual([]);
});

test('a missing entry gets its system from the name of its package', () => {
  const packages = {
    '': {},
    'node_modules/tool': {
      dev: true,
      optionalDependencies: {
        'tool-darwin-arm64': '1.2.3',
        'tool-linux-x64-musl': '^1.2.3',
        present: '1.0.0',
      },
    },
    'node_modules/present': {},
  };
  expect(missingEntries(packages)).toEqual([
    [
      'node_modules/tool-darwin-arm64',
      { version: '1.2.3', cpu: ['arm64'], os: ['darwin'], dev: true, optional: true },
    ],
    [
      'node_modules/tool-linux-x64-musl',
      { version: '1.2.3', cpu: ['x64'], libc: ['musl'], os: ['linux'], dev: true, optional: true },
    ],
  ]);
});
