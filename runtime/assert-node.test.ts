import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { nodeProblem } from './assert-node.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const otherNode = 'data:text/javascript,Object.defineProperty(process,"version",{value:"v22.18.0"})';

test('only the supported Node.js version is accepted', () => {
  expect(nodeProblem('v24.21.0')).toBeNull();
  for (const version of ['v20.20.2', 'v23.1.0', 'v25.0.0', 'v240.1.0', ''])
    expect(nodeProblem(version)).toContain('needs version 24');
});

test.each(['bot', 'worker', 'cli', 'scripts/start'])(
  '%s exits with a clear error on another Node.js version',
  (folder) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', otherNode, `${root}${folder}/main.ts`],
      { encoding: 'utf8', env: { PATH: process.env.PATH, PORT: 'x' } },
    );
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^Node\.js v22\.18\.0 is not supported: Quarterdeck needs version 24\..*\n$/);
  },
);
