import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { signalGroup } from './process-group.ts';
import { type SupervisedProcess, superviseProcess } from './supervised-process.ts';

let folder = '';
let keeper: SupervisedProcess | null = null;
const patient = { timeout: 20_000 };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quarterdeck-keeper-'));
});

afterEach(async () => {
  await keeper?.hurry();
  keeper?.log.close();
  keeper = null;
  await rm(folder, { recursive: true, force: true });
});

const keep = async (script: string, graceMs = 5000) => {
  const falls: string[] = [];
  const spec = { name: 'thing', file: 'sh', args: ['-c', script], cwd: folder, env: process.env, graceMs };
  const events = { started: () => undefined, fell: (_: string, how: string) => void falls.push(how) };
  keeper = await superviseProcess(spec, join(folder, 'thing.log'), events);
  return { keeper, falls };
};

const logged = () => readFile(join(folder, 'thing.log'), 'utf8');

test('a process that falls is started again, and how it fell is told', async () => {
  const { keeper: kept, falls } = await keep(
    'echo up; [ -e once ] || { touch once; exit 3; }; exec sleep 600',
  );
  const first = kept.leader();
  expect(await kept.firstFall).toBe('exit code 3');
  await expect.poll(logged, patient).toBe('up\nup\n');
  expect(falls).toEqual(['exit code 3']);
  expect(kept.leader()).not.toBe(first);
});

test('a process that was killed is told of by its signal', async () => {
  const { keeper: kept, falls } = await keep('[ -e once ] && exec sleep 600; touch once; kill -9 $$');
  expect(await kept.firstFall).toBe('signal 9');
  expect(falls).toEqual(['signal 9']);
});

test('stopping waits for a clean end and leaves nothing', async () => {
  const { keeper: kept, falls } = await keep(
    'trap "echo clean; exit 0" TERM; echo up; while :; do sleep 0.1; done',
  );
  await expect.poll(logged, patient).toBe('up\n');
  const leader = kept.leader() ?? 0;
  await kept.stop();
  expect(await logged()).toBe('up\nclean\n');
  expect(signalGroup(leader, 0)).toBe(false);
  expect(falls).toEqual([]);
});

test('what does not want to stop is stopped', async () => {
  const { keeper: kept } = await keep('trap "" TERM; echo up; while :; do sleep 0.1; done', 300);
  await expect.poll(logged, patient).toBe('up\n');
  const leader = kept.leader() ?? 0;
  await kept.stop();
  expect(signalGroup(leader, 0)).toBe(false);
});

test('stopping in the pause before the next start starts nothing', async () => {
  const { keeper: kept } = await keep('echo up; exit 1');
  await kept.firstFall;
  await expect.poll(() => kept.leader(), patient).toBeNull();
  await kept.stop();
  expect(await logged()).toBe('up\n');
});

test('lines that were logged are seen once each, also when they come in pieces', async () => {
  const { keeper: kept } = await keep('printf "one\\ntw"; sleep 0.5; printf "o\\nthree\\n"; exec sleep 600');
  const seen: string[] = [];
  const look = () => {
    seen.push(...kept.log.newLines());
    return seen;
  };
  await expect.poll(look, patient).toEqual(['one', 'two', 'three']);
});
