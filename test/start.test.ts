import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import { cleanEnv, copyTree, freePorts, listProcesses } from './start-copy.ts';

// `npm start` from a clean copy of this tree. Every test starts Quarterdeck when it is not running, so each one
// also runs alone; together they share one start.

const minutes = 60_000;
const patient = { timeout: 3 * minutes, interval: 500 };
let copy = '';
let env: Record<string, string> = {};

interface Started {
  readonly npm: ChildProcess;
  output(): string;
}

const npmStart = (): Started => {
  let output = '';
  const npm = spawn('npm', ['start'], { cwd: copy, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [npm.stdout, npm.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += String(chunk);
    });
  return { npm, output: () => output };
};

const isRunning = async (started: Started): Promise<void> => {
  await expect
    .poll(() => {
      if (started.npm.exitCode !== null) throw new Error(`npm start ended:\n${started.output()}`);
      return started.output();
    }, patient)
    .toContain('Quarterdeck is running');
};

/** Types a command in a terminal. Returns what was printed. */
const say = async (as: string, ...command: string[]): Promise<string> => {
  const result = await execa(
    'npm',
    ['run', '--silent', 'cli', '--', ...command, '--as', `${as}@example.com`],
    {
      cwd: copy,
      env,
      extendEnv: false,
      reject: false,
      all: true,
    },
  );
  return result.all;
};

const idIn = (text: string): string => /\b[0-9a-f]{6}\b/.exec(text)?.[0] ?? `no id in: ${text}`;

const supervisorPid = async (): Promise<number> =>
  (JSON.parse(await readFile(join(copy, '.quarterdeck', 'start.json'), 'utf8')) as { pid: number }).pid;

beforeAll(async () => {
  copy = await copyTree();
  const [server, ui, console] = await freePorts(3);
  env = {
    ...cleanEnv(),
    TEMPORAL_DEV_PORT: String(server),
    TEMPORAL_DEV_UI_PORT: String(ui),
    PORT: String(console),
  };
}, 2 * minutes);

afterAll(async () => {
  for (const line of await listProcesses(copy)) {
    try {
      process.kill(Number.parseInt(line, 10), 'SIGKILL');
    } catch {
      // the process has already exited
    }
  }
  await rm(copy, { recursive: true, force: true, maxRetries: 5 });
});

let started: Started | null = null;

/** The running Quarterdeck; starts it when no earlier test has, or when one has stopped it. */
const ensureStarted = async (): Promise<Started> => {
  const isStopped = started === null || started.npm.exitCode !== null || started.npm.signalCode !== null;
  if (isStopped || started === null) started = npmStart();
  await isRunning(started);
  return started;
};

beforeEach(() => {
  onTestFailed(() => console.error(`output of npm start:\n${started?.output()}`));
});

test('npm start starts everything, and prints what runs where and what to type', {
  timeout: 5 * minutes,
}, async () => {
  const { output: read } = await ensureStarted();
  await expect.poll(read, patient).toContain('Ctrl-C stops everything');
  const output = read();
  expect(output).toContain(`http://localhost:${env.PORT}`);
  expect(output).toContain(`http://localhost:${env.TEMPORAL_DEV_UI_PORT}`);
  expect(output).toContain('/deploy web preview');
  expect(output).toContain('Slack        not connected');
  const pages = [`http://localhost:${env.PORT}/`, `http://localhost:${env.TEMPORAL_DEV_UI_PORT}/`];
  for (const page of pages) expect((await fetch(page)).status, page).toBe(200);
});

test('the doctor and the connection test find it on its ports and report no problem', {
  timeout: 2 * minutes,
}, async () => {
  await ensureStarted();
  const { PORT: _, TEMPORAL_DEV_PORT: __, TEMPORAL_DEV_UI_PORT: ___, ...elsewhere } = env;
  const runCli = (command: string) =>
    execa('npm', ['run', '--silent', 'cli', '--', command], {
      cwd: copy,
      env: elsewhere,
      extendEnv: false,
      reject: false,
      all: true,
    });
  const doctor = await runCli('doctor');
  expect(doctor.all).not.toContain('FAIL');
  expect(doctor.all).toContain(`at 127.0.0.1:${env.TEMPORAL_DEV_PORT} (from the running npm start)`);
  expect(doctor.all).toContain('ok    bot: ready');
  expect(doctor.all).toMatch(/^ok {4}catalog: .*\.quarterdeck\/demo\/quarterdeck\.yaml/m);
  expect(doctor.exitCode).toBe(0);
  expect((await runCli('connection-test')).all).toContain('(from the running npm start)');
});

test('a second start in the same folder is refused with a sentence', { timeout: 2 * minutes }, async () => {
  await ensureStarted();
  const { all, exitCode } = await execa('npm', ['start'], {
    cwd: copy,
    env,
    extendEnv: false,
    reject: false,
    all: true,
  });
  expect(exitCode).not.toBe(0);
  expect(all).toContain('Quarterdeck already runs in this folder');
});

test('the demo deploys to preview without an approval request', { timeout: 5 * minutes }, async () => {
  await ensureStarted();
  const id = idIn(await say('ada', 'deploy', 'web', 'preview'));
  await expect.poll(() => say('ada', 'status', id), patient).toMatch(/Deployed/);
  const state = await readFile(join(copy, '.quarterdeck', 'demo', 'state', 'preview.tfstate'), 'utf8');
  expect(state).toContain('"replicas": 1');
});

test('a run continues after Quarterdeck was killed with SIGKILL and started again', {
  timeout: 8 * minutes,
}, async () => {
  const { npm } = await ensureStarted();
  const id = idIn(await say('ada', 'deploy', 'web', 'production'));
  process.kill(await supervisorPid(), 'SIGKILL');
  await once(npm, 'exit');
  await ensureStarted();
  await expect.poll(() => say('ada', 'status', id), patient).toMatch(/Waiting for approval/);
  // The next test deploys to production too, and this run holds its environment lock.
  await say('ada', 'cancel', id);
  await expect.poll(() => say('ada', 'status', id), patient).toMatch(/Cancelled/);
});

test('production is applied only when another approver approves it', {
  timeout: 5 * minutes,
}, async () => {
  await ensureStarted();
  const id = idIn(await say('ada', 'deploy', 'web', 'production'));
  await expect.poll(() => say('ada', 'status', id), patient).toMatch(/Waiting for approval/);
  const state = () => readFile(join(copy, '.quarterdeck', 'demo', 'state', 'production.tfstate'), 'utf8');
  await say('ada', 'approve', id);
  expect(await say('ada', 'status', id)).toMatch(/Waiting for approval/);
  expect(await state()).not.toContain('"replicas": 3');
  await say('grace', 'approve', id, 'looks', 'good');
  await expect.poll(() => say('ada', 'status', id), patient).toMatch(/Deployed/);
  expect(await state()).toContain('"replicas": 3');
});

/** A terminal sends SIGINT to every process in the foreground. */
const pressCtrlC = ({ npm }: Started): void => {
  process.kill(-(npm.pid ?? 0), 'SIGINT');
};

const waitForExit = ({ npm }: Started) =>
  expect.poll(() => npm.exitCode ?? npm.signalCode, patient).not.toBeNull();

test('Ctrl-C leaves no process', { timeout: 5 * minutes }, async () => {
  const running = await ensureStarted();
  pressCtrlC(running);
  await waitForExit(running);
  expect(running.output()).toContain('Stopped; nothing is left running.');
  expect(await listProcesses(copy)).toEqual([]);
});

test('a second Ctrl-C does not wait for a running stage, and leaves no process', {
  timeout: 8 * minutes,
}, async () => {
  const catalog = join(copy, '.quarterdeck', 'demo', 'quarterdeck.yaml');
  const slow = (await readFile(catalog, 'utf8')).replace('test: npm test', 'test: sleep 600');
  await writeFile(catalog, slow);
  const running = await ensureStarted();
  await say('ada', 'deploy', 'web', 'preview', '--force');
  const steps = async () => (await listProcesses(copy)).filter((line) => line.includes('sleep 600'));
  await expect.poll(steps, patient).not.toEqual([]);
  pressCtrlC(running);
  await expect.poll(running.output, patient).toContain('waiting for running stages');
  // A second signal within one second counts as the same Ctrl-C, so press until it counts.
  const pressAgain = (): string => {
    if (!running.output().includes('Stopping now.')) pressCtrlC(running);
    return running.output();
  };
  await expect.poll(pressAgain, patient).toContain('Stopping now.');
  await waitForExit(running);
  await expect.poll(() => listProcesses(copy), patient).toEqual([]);
});
