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
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import { findTemporalCli } from '../scripts/tools/find-tool.mjs';

// `npm start` from a clean copy of this tree. Every test starts Quarterdeck when it is not running, so each one
// also runs alone; together they share one start.

const root = fileURLToPath(new URL('..', import.meta.url));
const minutes = 60_000;
const patient = { timeout: 3 * minutes, interval: 500 };
let copy = '';
let env: Record<string, string> = {};

/** The environment of a person's shell: no variables of this test run, and no settings of the product. */
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

/** Copies every file that git tracks or would add, as a clone has it. */
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
const listProcesses = async (folder: string): Promise<readonly string[]> => {
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
