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

const told = () => readFile(join(folder, 'told'), 'utf8').catch(() => '');
const gone = { timeout: 20_000 };

test('the exit code is the program’s', async () => {
  const child = hold('exit 7');
  const [code] = await once(child, 'exit');
  child.stdin?.destroy();
  expect(code).toBe(7);
  await expect.poll(() => groupLives(child.pid), gone).toBe(false);
});

test('a signal reaches the program once, and its own end is waited for', async () => {
  const child = hold(
    'trap "echo TERM >> told; sleep 0.3; exit 3" TERM; echo ready > told; while :; do sleep 0.1; done',
  );
  await expect.poll(told, gone).toBe('ready\n');
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  child.stdin?.destroy();
  expect(code).toBe(3);
  expect(await told()).toBe('ready\nTERM\n');
  await expect.poll(() => groupLives(child.pid), gone).toBe(false);
});

test('the program is asked to stop when its starter is gone', async () => {
  const child = hold('trap "echo TERM >> told; exit 0" TERM; echo ready > told; while :; do sleep 0.1; done');
  await expect.poll(told, gone).toBe('ready\n');
  child.stdin?.destroy(); // what the system does when the starter dies
  await expect.poll(told, gone).toBe('ready\nTERM\n');
  await expect.poll(() => groupLives(child.pid), gone).toBe(false);
});

test('a program that does not listen is made to stop, with its own children', async () => {
  const child = hold('trap "" TERM; sleep 600 & echo ready > told; while :; do sleep 0.1; done', '1');
  await expect.poll(told, gone).toBe('ready\n');
  child.stdin?.destroy();
  await expect.poll(() => groupLives(child.pid), gone).toBe(false);
});
