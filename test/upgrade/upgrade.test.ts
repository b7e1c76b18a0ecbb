import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { cleanEnv, copyTree, freePorts, listProcesses } from '../start-copy.ts';
import { type StateServer, startStateServer } from './state-server.ts';
import { unpackPreviousVersion } from './unpack.ts';

const minutes = 60_000;
const patient = { timeout: 3 * minutes, interval: 500 };
let copy = '';
let env: Record<string, string> = {};
let states: StateServer;
let output = '';

const startNpm = (): ChildProcess => {
  const npm = spawn('npm', ['start'], { cwd: copy, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  output = '';
  for (const stream of [npm.stdout, npm.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += String(chunk);
    });
  return npm;
};

const killAll = async (): Promise<void> => {
  for (const line of await listProcesses(copy)) {
    try {
      process.kill(Number.parseInt(line, 10), 'SIGKILL');
    } catch {
      // the process has already exited
    }
  }
};

const say = async (as: string, ...command: string[]): Promise<string> => {
  const args = ['run', '--silent', 'cli', '--', ...command, '--as', `${as}@example.com`];
  const result = await execa('npm', args, { cwd: copy, env, extendEnv: false, reject: false, all: true });
  return result.all;
};

const stateFile = () => join(copy, '.quarterdeck', 'fixture', 'state.json');
const readBotLog = () => readFile(join(copy, '.quarterdeck', 'logs', 'bot.log'), 'utf8').catch(() => '');

beforeAll(async () => {
  copy = await copyTree();
  await unpackPreviousVersion(copy);
  states = await startStateServer(stateFile());
  const [server, ui, console] = await freePorts(3);
  env = {
    ...cleanEnv(),
    TEMPORAL_DEV_PORT: String(server),
    TEMPORAL_DEV_UI_PORT: String(ui),
    PORT: String(console),
    TF_HTTP_ADDRESS: states.address,
    // The run knows its repository by this address.
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `url.file://${join(copy, '.quarterdeck', 'fixture')}/.insteadOf`,
    GIT_CONFIG_VALUE_0: 'https://git.example.com/',
  };
}, 2 * minutes);

afterAll(async () => {
  await killAll();
  states.close();
  await rm(copy, { recursive: true, force: true, maxRetries: 5 });
});

// The fixture's plan was made by Terraform 1.11.4, and Terraform only applies plans of the same version.
test('a run of the version before waits for approval through a killed upgrade, and is then applied', {
  timeout: 10 * minutes,
}, async () => {
  onTestFailed(() => console.error(`npm start printed:\n${output}`));
  const killed = startNpm();
  // The bot writes its first log line while it opens and migrates the store.
  await expect.poll(readBotLog, { timeout: 3 * minutes, interval: 20 }).not.toBe('');
  await killAll();
  if (killed.exitCode === null && killed.signalCode === null) await once(killed, 'exit');
  expect(output).not.toContain('Quarterdeck is running');

  const npm = startNpm();
  await expect
    .poll(() => {
      if (npm.exitCode !== null) throw new Error(`npm start ended:\n${output}`);
      return output;
    }, patient)
    .toContain('Quarterdeck is running');
  const found = await say('ada', 'status', '--status', 'awaiting_approval');
  const id = /\b[0-9a-f]{6}\b/.exec(found)?.[0] ?? expect.fail(`no run waits for approval:\n${found}`);
  expect(found).toContain('shop in production');
  expect(await say('ada', 'status', id)).toMatch(/Waiting for approval/);

  await say('ada', 'approve', id);
  expect(await say('ada', 'status', id)).toMatch(/Waiting for approval/);
  expect(await readFile(stateFile(), 'utf8')).not.toContain('version-3');
  await say('grace', 'approve', id, 'upgraded');
  await expect.poll(() => say('ada', 'status', id), patient).toMatch(/Deployed/);
  expect(await readFile(stateFile(), 'utf8')).toContain('version-3');
});
