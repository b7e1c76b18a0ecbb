import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findRunningInstance, resolveTemporalSettings, withInstanceEnv } from './running-instance.ts';

const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-beside-'));
const file = join(folder, 'start.json');
const chosen = {
  catalog: '/demo/quarterdeck.yaml',
  temporalAddress: '127.0.0.1:7300',
  temporalNamespace: 'demo',
  host: '127.0.0.1',
  port: 3100,
};
let supervisor: ChildProcess;

beforeAll(async () => {
  mkdirSync(join(folder, 'scripts', 'start'), { recursive: true });
  writeFileSync(join(folder, 'scripts', 'start', 'main.ts'), 'setInterval(() => undefined, 1000);');
  supervisor = spawn(process.execPath, ['scripts/start/main.ts'], { cwd: folder, stdio: 'ignore' });
  await once(supervisor, 'spawn');
});
afterAll(async () => {
  supervisor.kill('SIGKILL');
  if (supervisor.exitCode === null && supervisor.signalCode === null) await once(supervisor, 'exit');
  rmSync(folder, { recursive: true, force: true });
});

const record = (content: object) =>
  writeFileSync(file, JSON.stringify({ pid: supervisor.pid, console: 'http://x', groups: [], ...content }));

test('the settings of a running npm start are found, and those of a dead one are not', () => {
  expect(findRunningInstance(file)).toBeNull();
  record({ chosen });
  expect(findRunningInstance(file)).toEqual(chosen);
  record({ chosen, pid: process.pid });
  expect(findRunningInstance(file)).toBeNull();
  record({});
  expect(findRunningInstance(file)).toBeNull();
  writeFileSync(file, '{"pid": 12');
  expect(findRunningInstance(file)).toBeNull();
});

test('the settings of npm start fill in only what the environment does not define', () => {
  expect(withInstanceEnv({ PORT: '4000', HOST: ' ' }, chosen)).toEqual({
    PORT: '4000',
    HOST: '127.0.0.1',
    QUARTERDECK_CATALOG: '/demo/quarterdeck.yaml',
  });
  expect(withInstanceEnv({ PORT: '4000' }, null)).toEqual({ PORT: '4000' });
});

test('its Temporal server is used unless the environment names another', () => {
  const env = { XDG_CONFIG_HOME: folder };
  expect(resolveTemporalSettings(env, chosen)).toMatchObject({
    address: '127.0.0.1:7300',
    addressFrom: 'the running npm start',
    namespace: 'demo',
  });
  for (const name of ['TEMPORAL_ADDRESS', 'TEMPORAL_URL'])
    expect(resolveTemporalSettings({ ...env, [name]: 'other:1' }, chosen)).toMatchObject({
      address: 'other:1',
      addressFrom: name,
      namespace: 'default',
    });
  expect(resolveTemporalSettings({ ...env, TEMPORAL_NAMESPACE: 'mine' }, chosen).namespace).toBe('mine');
  expect(resolveTemporalSettings(env, null).addressFrom).toBe('the default');
});
