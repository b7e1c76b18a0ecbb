import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import { findTemporalCli } from '../scripts/tools/find-tool.mjs';

// `npm start` from a clean copy of this tree, as a person meets it. The tests of this file are one story.

const root = fileURLToPath(new URL('..', import.meta.url));
const minutes = 60_000;
const patient = { timeout: 3 * minutes, interval: 500 };
let copy = '';
let env: Record<string, string> = {};

/** What a person's shell would have: nothing of this test run, and no settings of the product. */
const cleanEnv = (): Record<string, string> => {
  const foreign =
    /^(VITEST|NODE_(?!EXTRA_CA_CERTS)|npm_|TEST$|PROD$|DEV$|MODE$|BASE_URL$|SLACK_|QUARTERDECK_|WORKER_|DATABASE_URL|ARTIFACTS_URL|PUBLIC_URL|HOST$|LOG_LEVEL)/;
  const kept = Object.entries(process.env).filter(
    ([name]) => !foreign.test(name) && (!name.startsWith('TEMPORAL_') || name === 'TEMPORAL_CLI'),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, value ?? '']));
};

const freePorts = async (count: number): Promise<readonly number[]> => {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  return ports;
};

/** Every file that git knows or would take, where somebody who cloned would have it. */
const copyTree = async (): Promise<string> => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'quarterdeck-start-')));
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const { stdout } = await execa('git', list, { cwd: root });
  const deleted = await execa('git', ['ls-files', '-z', '--deleted'], { cwd: root });
  const gone = new Set(deleted.stdout.split('\0'));
  const files = stdout.split('\0').filter((file) => file !== '' && !gone.has(file));
  await execa('sh', ['-c', `tar -cf - -T - | tar -xf - -C "$0"`, folder], {
    cwd: root,
    input: files.join('\n'),
  });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const cli = findTemporalCli() ?? '';
  await mkdir(join(folder, '.quarterdeck', 'tools'), { recursive: true });
  await symlink(cli, join(folder, '.quarterdeck', 'tools', 'temporal'));
  return folder;
};

/** The processes that work in a folder, however they were started. */
const processesOf = async (folder: string): Promise<readonly string[]> => {
  if (process.platform !== 'linux') {
    const { stdout } = await execa('ps', ['-axo', 'pid=,command=']);
    return stdout.split('\n').filter((line) => line.includes(folder));
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const looked = pids.map(async (pid) => {
    const [cwd, command] = await Promise.all([
      readlink(`/proc/${pid}/cwd`).catch(() => ''),
      readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    ]);
    const mine = cwd.startsWith(folder) || command.includes(folder);
    return mine ? `${pid} ${command.replaceAll('\0', ' ')}` : null;
  });
  return (await Promise.all(looked)).filter((line) => line !== null);
};

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

/** Types words in a terminal; answers with what was printed. */
const say = async (as: string, ...words: string[]): Promise<string> => {
  const result = await execa('npm', ['run', '--silent', 'cli', '--', ...words, '--as', `${as}@example.com`], {
    cwd: copy,
    env,
    extendEnv: false,
    reject: false,
    all: true,
  });
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
  for (const line of await processesOf(copy)) {
    try {
      process.kill(Number.parseInt(line, 10), 'SIGKILL');
    } catch {
      // it has ended meanwhile
    }
  }
  await rm(copy, { recursive: true, force: true, maxRetries: 5 });
});

let started: Started;
let production = '';

beforeEach(() => {
  onTestFailed(() => console.error(`what npm start said:\n${started?.output()}`));
});

test('one command brings everything up, and says what runs where and what to type', {
  timeout: 5 * minutes,
}, async () => {
  started = npmStart();
  await isRunning(started);
  await expect.poll(started.output, patient).toContain('Ctrl-C stops everything');
  const output = started.output();
  expect(output).toContain(`http://localhost:${env.PORT}`);
  expect(output).toContain(`http://localhost:${env.TEMPORAL_DEV_UI_PORT}`);
  expect(output).toContain('/deploy web preview');
  expect(output).toContain('Slack        not connected');
  const pages = [`http://localhost:${env.PORT}/`, `http://localhost:${env.TEMPORAL_DEV_UI_PORT}/`];
  for (const page of pages) expect((await fetch(page)).status, page).toBe(200);
});

test('the doctor and the connection test find it on its ports, and are content', {
  timeout: 2 * minutes,
}, async () => {
  const { PORT: _, TEMPORAL_DEV_PORT: __, TEMPORAL_DEV_UI_PORT: ___, ...elsewhere } = env;
  const ask = (word: string) =>
    execa('npm', ['run', '--silent', 'cli', '--', word], {
      cwd: copy,
      env: elsewhere,
      extendEnv: false,
      reject: false,
      all: true,
    });
  const doctor = await ask('doctor');
  expect(doctor.all).not.toContain('FAIL');
  expect(doctor.all).toContain(`at 127.0.0.1:${env.TEMPORAL_DEV_PORT} (from the running npm start)`);
  expect(doctor.all).toContain('ok    bot: ready');
  expect(doctor.all).toMatch(/^ok {4}catalog: .*\.quarterdeck\/demo\/quarterdeck\.yaml/m);
  expect(doctor.exitCode).toBe(0);
  expect((await ask('connection-test')).all).toContain('(from the running npm start)');
});

test('a second start in the same folder is refused in a sentence', { timeout: 2 * minutes }, async () => {
  const { all, exitCode } = await execa('npm', ['start'], {
    cwd: copy,
    env,
    extendEnv: false,
    reject: false,
    all: true,
  });
  expect(exitCode).not.toBe(0);
  expect(all).toContain('Quarterdeck runs already in this folder');
});

test('the demo deploys to preview without a question', { timeout: 5 * minutes }, async () => {
  const id = idIn(await say('ada', 'deploy', 'web', 'preview'));
  await expect.poll(() => say('ada', 'status', id), patient).toMatch(/Deployed/);
  const state = await readFile(join(copy, '.quarterdeck', 'demo', 'state', 'preview.tfstate'), 'utf8');
  expect(state).toContain('"replicas": 1');
});

test('killed with -9 in the middle of a run and started again, the run goes on', {
  timeout: 8 * minutes,
}, async () => {
  production = idIn(await say('ada', 'deploy', 'web', 'production'));
  process.kill(await supervisorPid(), 'SIGKILL');
  await once(started.npm, 'exit');
  started = npmStart();
  await isRunning(started);
  await expect.poll(() => say('ada', 'status', production), patient).toMatch(/Waiting for approval/);
});

test('production is applied when somebody else approves it, and only then', {
  timeout: 5 * minutes,
}, async () => {
  const state = () => readFile(join(copy, '.quarterdeck', 'demo', 'state', 'production.tfstate'), 'utf8');
  await say('ada', 'approve', production);
  expect(await say('ada', 'status', production)).toMatch(/Waiting for approval/);
  expect(await state()).not.toContain('"replicas": 3');
  await say('grace', 'approve', production, 'looks', 'good');
  await expect.poll(() => say('ada', 'status', production), patient).toMatch(/Deployed/);
  expect(await state()).toContain('"replicas": 3');
});

/** The terminal sends it to everybody in the foreground. */
const pressCtrlC = (): void => {
  process.kill(-(started.npm.pid ?? 0), 'SIGINT');
};

const hasEnded = () =>
  expect.poll(() => started.npm.exitCode ?? started.npm.signalCode, patient).not.toBeNull();

test('Ctrl-C leaves no process', { timeout: 5 * minutes }, async () => {
  pressCtrlC();
  await hasEnded();
  expect(started.output()).toContain('Stopped; nothing is left running.');
  expect(await processesOf(copy)).toEqual([]);
});

test('Ctrl-C twice does not wait for a step that runs, and leaves no process', {
  timeout: 8 * minutes,
}, async () => {
  const catalog = join(copy, '.quarterdeck', 'demo', 'quarterdeck.yaml');
  const slow = (await readFile(catalog, 'utf8')).replace('test: npm test', 'test: sleep 600');
  await writeFile(catalog, slow);
  started = npmStart();
  await isRunning(started);
  await say('ada', 'deploy', 'web', 'preview', '--force');
  const steps = async () => (await processesOf(copy)).filter((line) => line.includes('sleep 600'));
  await expect.poll(steps, patient).not.toEqual([]);
  pressCtrlC();
  await expect.poll(started.output, patient).toContain('Steps that run come to a clean end first');
  await sleep(1500); // sooner, it would count as the same wish
  pressCtrlC();
  await hasEnded();
  expect(started.output()).toContain('Stopping at once.');
  await expect.poll(() => processesOf(copy), patient).toEqual([]);
});
