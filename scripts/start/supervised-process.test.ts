import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { signalGroup } from './process-group.ts';
import { type SupervisedProcess, superviseProcess } from './supervised-process.ts';

let folder = '';
let supervised: SupervisedProcess | null = null;
const slow = { timeout: 20_000 };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-supervised-'));
});

afterEach(async () => {
  await supervised?.forceStop();
  supervised?.log.close();
  supervised = null;
  await rm(folder, { recursive: true, force: true });
});

const keep = async (script: string, graceMs = 5000) => {
  const exits: string[] = [];
  const spec = { name: 'thing', file: 'sh', args: ['-c', script], cwd: folder, env: process.env, graceMs };
  const events = { started: () => undefined, exited: (_: string, how: string) => void exits.push(how) };
  supervised = await superviseProcess(spec, join(folder, 'thing.log'), events);
  return { supervised, exits };
};

const logged = () => readFile(join(folder, 'thing.log'), 'utf8');

test('a process that exits is restarted, and how it exited is reported', async () => {
  const { supervised, exits } = await keep('echo up; [ -e once ] || { touch once; exit 3; }; exec sleep 600');
  const first = supervised.leader();
  expect(await supervised.firstExit).toBe('exit code 3');
  await expect.poll(logged, slow).toBe('up\nup\n');
  expect(exits).toEqual(['exit code 3']);
  expect(supervised.leader()).not.toBe(first);
});

test('a killed process is reported with its signal', async () => {
  const { supervised, exits } = await keep('[ -e once ] && exec sleep 600; touch once; kill -9 $$');
  expect(await supervised.firstExit).toBe('signal 9');
  expect(exits).toEqual(['signal 9']);
});

test('stopping waits for a clean exit and leaves no process', async () => {
  const { supervised, exits } = await keep(
    'trap "echo clean; exit 0" TERM; echo up; while :; do sleep 0.1; done',
  );
  await expect.poll(logged, slow).toBe('up\n');
  const leader = supervised.leader() ?? 0;
  await supervised.stop();
  expect(await logged()).toBe('up\nclean\n');
  expect(signalGroup(leader, 0)).toBe(false);
  expect(exits).toEqual([]);
});

test('a process that ignores SIGTERM is killed after the grace period', async () => {
  const { supervised } = await keep('trap "" TERM; echo up; while :; do sleep 0.1; done', 300);
  await expect.poll(logged, slow).toBe('up\n');
  const leader = supervised.leader() ?? 0;
  await supervised.stop();
  expect(signalGroup(leader, 0)).toBe(false);
});

test('stopping during the pause before a restart starts nothing', async () => {
  const { supervised } = await keep('echo up; exit 1');
  await supervised.firstExit;
  await expect.poll(() => supervised.leader(), slow).toBeNull();
  await supervised.stop();
  expect(await logged()).toBe('up\n');
});

test('each logged line is read once, also when it is written in pieces', async () => {
  const { supervised } = await keep('printf "one\\ntw"; sleep 0.5; printf "o\\nthree\\n"; exec sleep 600');
  const lines: string[] = [];
  const readLines = () => {
    lines.push(...supervised.log.newLines());
    return lines;
  };
  await expect.poll(readLines, slow).toEqual(['one', 'two', 'three']);
});
