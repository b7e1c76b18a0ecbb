import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const exitWithParent = fileURLToPath(new URL('./exit-with-parent.sh', import.meta.url));
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-exit-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const hold = (script: string, grace = '5') =>
  spawn('sh', [exitWithParent, 'sh', '-c', script], {
    detached: true,
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...process.env, EXIT_GRACE: grace },
    cwd: folder,
  });

const groupLives = (leader: number | undefined): boolean => {
  try {
    return process.kill(-(leader ?? 0), 0);
  } catch {
    return false;
  }
};

const output = () => readFile(join(folder, 'output'), 'utf8').catch(() => '');
const slow = { timeout: 20_000 };

test('the exit code is the program’s', async () => {
  const child = hold('exit 7');
  const [code] = await once(child, 'exit');
  child.stdin?.destroy();
  expect(code).toBe(7);
  await expect.poll(() => groupLives(child.pid), slow).toBe(false);
});

test('a signal reaches the program once, and the script waits for its exit', async () => {
  const child = hold(
    'trap "echo TERM >> output; sleep 0.3; exit 3" TERM; echo ready > output; while :; do sleep 0.1; done',
  );
  await expect.poll(output, slow).toBe('ready\n');
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  child.stdin?.destroy();
  expect(code).toBe(3);
  expect(await output()).toBe('ready\nTERM\n');
  await expect.poll(() => groupLives(child.pid), slow).toBe(false);
});

test('the program is asked to stop when its parent has died', async () => {
  const child = hold(
    'trap "echo TERM >> output; exit 0" TERM; echo ready > output; while :; do sleep 0.1; done',
  );
  await expect.poll(output, slow).toBe('ready\n');
  child.stdin?.destroy(); // the system does the same when the parent dies
  await expect.poll(output, slow).toBe('ready\nTERM\n');
  await expect.poll(() => groupLives(child.pid), slow).toBe(false);
});

test('a program that ignores signals is killed with its children', async () => {
  const child = hold('trap "" TERM; sleep 600 & echo ready > output; while :; do sleep 0.1; done', '1');
  await expect.poll(output, slow).toBe('ready\n');
  child.stdin?.destroy();
  await expect.poll(() => groupLives(child.pid), slow).toBe(false);
});
