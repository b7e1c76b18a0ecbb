import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
let folder = '';

beforeEach(async () => {
  await mkdir(join(root, '.quarterdeck'), { recursive: true });
  folder = await mkdtemp(join(root, '.quarterdeck', 'counts-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs vitest on one test file with this reporter. Returns the exit code and the line of counts. */
const runOn = async (text: string): Promise<{ code: number | undefined; counts: readonly string[] }> => {
  await writeFile(join(folder, 'fixture.test.ts'), text);
  const config = join(folder, 'vitest.config.mjs');
  const reporters = ['default', join(root, 'test', 'counts-reporter.ts')];
  await writeFile(config, `export default { test: { reporters: ${JSON.stringify(reporters)} } };`);
  const result = await execa('vitest', ['run', '--root', folder, '--config', config], {
    cwd: root,
    preferLocal: true,
    reject: false,
    env: { CI: 'true', NO_COLOR: '1' },
  });
  const counts = result.stdout.split('\n').filter((line) => /^\d+ passed, \d+ failed/.test(line));
  return { code: result.exitCode, counts };
};

const good = "import { test } from 'vitest'; test('good', () => {});";

test('a successful run is counted and exits with 0', async () => {
  expect(await runOn(good)).toEqual({ code: 0, counts: ['1 passed, 0 failed'] });
});

test('failed and skipped tests are counted separately', async () => {
  const text = `${good} test('bad', () => { throw new Error('no'); }); test.skip('not now', () => {});`;
  expect(await runOn(text)).toEqual({ code: 1, counts: ['1 passed, 1 failed, 1 skipped'] });
});

test('a file that cannot be loaded counts as a failure', async () => {
  expect(await runOn(`import './nowhere.ts'; ${good}`)).toEqual({ code: 1, counts: ['0 passed, 1 failed'] });
});

test('a suite whose preparation fails counts as a failure', async () => {
  const text = `${good} import { beforeAll, describe } from 'vitest';
    describe('suite', () => { beforeAll(() => { throw new Error('no'); }); test('inside', () => {}); });`;
  expect(await runOn(text)).toEqual({ code: 1, counts: ['1 passed, 1 failed, 1 skipped'] });
});

test('an error that no test caught counts as a failure', async () => {
  const text = `import { test } from 'vitest';
    test('throws later', async () => {
      setTimeout(() => { throw new Error('later'); }, 0);
      await new Promise((resolve) => setTimeout(resolve, 50));
    });`;
  const { code, counts } = await runOn(text);
  expect(code).toBe(1);
  expect(counts).toEqual([expect.stringMatching(/^1 passed, 1 failed/)]);
});

test('a run that finds no test fails', async () => {
  const { code } = await runOn('');
  expect(code).toBe(1);
});
