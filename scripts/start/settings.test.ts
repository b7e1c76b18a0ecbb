import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getDemoPaths } from '../demo/paths.ts';
import { readSettings, toStartedSettings } from './settings.ts';
import { getSlackState } from './summary.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'quarterdeck-settings-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const cli = { TEMPORAL_CLI: process.execPath };

test('without settings everything runs on this machine, with the demo', () => {
  expect(readSettings(root, cli)).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    devServer: { port: 7233, uiPort: 8233 },
    temporal: { address: '127.0.0.1:7233', namespace: 'default' },
    catalog: getDemoPaths().catalog,
    demo: true,
  });
});

test('a server that the environment names is used, and no other is started', () => {
  const settings = readSettings(root, { TEMPORAL_ADDRESS: 'temporal.example.com:7233' });
  expect(settings.devServer).toBeNull();
  expect(settings.temporal.address).toBe('temporal.example.com:7233');
});

test('other ports can be configured', () => {
  const env = { ...cli, PORT: '3100', TEMPORAL_DEV_PORT: '7300', TEMPORAL_DEV_UI_PORT: '8300' };
  expect(readSettings(root, env)).toMatchObject({ port: 3100, devServer: { port: 7300, uiPort: 8300 } });
});

test.each(['abc', '0', '70000', '3000x', '-1'])('PORT=%s is refused because it is not a port', (PORT) => {
  expect(() => readSettings(root, { ...cli, PORT })).toThrow(`PORT is not a port: "${PORT}"`);
});

test('a catalog in the folder is used instead of the demo', async () => {
  await writeFile(join(root, 'quarterdeck.yaml'), '');
  expect(readSettings(root, cli).catalog).toBe(join(root, 'quarterdeck.yaml'));
  expect(readSettings(root, { ...cli, QUARTERDECK_CATALOG: '/etc/my.yaml' }).catalog).toBe('/etc/my.yaml');
});

test.each([
  ['TEMPORAL_ADRESS', 'TEMPORAL_ADDRESS'],
  ['QUARTERDECK_CATALOGUE', 'QUARTERDECK_CATALOG'],
  ['TEMPORAL_DEV_PROT', 'TEMPORAL_DEV_PORT'],
])('%s is refused as a misspelling, because bot and worker would not see it', (slip, meant) => {
  expect(() => readSettings(root, { ...cli, [slip]: 'foo:1' })).toThrow(
    `${slip} is not a known variable; did you mean ${meant}?`,
  );
});

test('unsupported settings are refused before anything starts, together with other problems', () => {
  const read = () =>
    readSettings(root, { ...cli, ENCRYPT_PAYLOADS: 'true', SPACELIFT_X: 'x', TEMPORAL_URL: 'http://x' });
  expect(read).toThrow('ENCRYPTION_KEYS is not set: ENCRYPT_PAYLOADS=true needs a key');
  expect(read).toThrow('SPACELIFT_X: Spacelift is not available');
  expect(read).toThrow('TEMPORAL_URL: remove http:// or https://; only host and port are allowed');
});

test('the chosen settings can be recorded for other programs', () => {
  const env = { ...cli, PORT: '3100', TEMPORAL_DEV_PORT: '7300', QUARTERDECK_CATALOG: 'my.yaml' };
  expect(toStartedSettings(readSettings(root, env))).toEqual({
    catalog: join(root, 'my.yaml'),
    temporalAddress: '127.0.0.1:7300',
    temporalNamespace: 'default',
    host: '127.0.0.1',
    port: 3100,
  });
});

test('Slack counts as connected only with the settings that the bot accepts', () => {
  expect(getSlackState({ SLACK_CLIENT_ID: '1.1', SLACK_APP_TOKEN: ' ' })).toMatch(/^not connected/);
  expect(getSlackState({ SLACK_BOT_TOKEN: 'xoxb-1' })).toMatch(/^connected, HTTP/);
  expect(getSlackState({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' })).toBe(
    'connected, Socket Mode',
  );
});
