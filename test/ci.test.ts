import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';

const script = fileURLToPath(new URL('../.ci/run', import.meta.url));
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-ci-'));
  await mkdir(join(folder, '.ci'));
  await mkdir(join(folder, 'bin'));
  await copyFile(script, join(folder, '.ci', 'run'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs the build with an npm that does what the test says. */
const build = async (check: string, tests: string) => {
  const npm = join(folder, 'bin', 'npm');
  await writeFile(npm, `#!/bin/sh\ncase "$*" in\n"run check") ${check} ;;\n"test") ${tests} ;;\nesac\n`);
  await chmod(npm, 0o755);
  const { QUARTERDECK_CI_BOUNDED: _, ...env } = process.env;
  const { exitCode, stdout } = await execa('bash', [join(folder, '.ci', 'run')], {
    reject: false,
    extendEnv: false,
    env: { ...env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` },
  });
  return { exitCode, last: stdout.trimEnd().split('\n').at(-1) };
};

test('a successful build prints its counts and exits with 0', async () => {
  expect(await build('true', 'echo; echo "12 passed, 0 failed"')).toEqual({
    exitCode: 0,
    last: '12 passed, 0 failed',
  });
});

test('a failed check fails the build, and the tests are still run', async () => {
  expect(await build('exit 1', 'echo "12 passed, 0 failed, 1 skipped"')).toEqual({
    exitCode: 1,
    last: '12 passed, 0 failed, 1 skipped',
  });
});

test('failed tests fail the build', async () => {
  expect(await build('true', 'echo "11 passed, 1 failed"; exit 1')).toEqual({
    exitCode: 1,
    last: '11 passed, 1 failed',
  });
});

test('a run that breaks before its first test is counted as a failure', async () => {
  expect(await build('true', 'echo "npm ci failed"; exit 1')).toEqual({
    exitCode: 1,
    last: '0 passed, 1 failed',
  });
});

test('a run without a single test fails the build', async () => {
  expect((await build('true', 'echo nothing')).exitCode).toBe(1);
});

test('the build never waits for input', async () => {
  expect(await build('! read -r answer', 'echo "1 passed, 0 failed"')).toMatchObject({ exitCode: 0 });
});
