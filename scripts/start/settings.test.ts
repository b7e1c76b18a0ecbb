import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSettings } from './settings.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'quarterdeck-settings-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const cli = { TEMPORAL_CLI: process.execPath };

test('with nothing set everything runs here, with the demo', () => {
  expect(readSettings(root, cli)).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    devServer: { port: 7233, uiPort: 8233 },
    temporal: { address: '127.0.0.1:7233', namespace: 'default' },
    catalog: null,
  });
});

test('a server that the environment names is used, and none is started', () => {
  const settings = readSettings(root, { TEMPORAL_ADDRESS: 'temporal.example.com:7233' });
  expect(settings.devServer).toBeNull();
  expect(settings.temporal.address).toBe('temporal.example.com:7233');
});

test('other ports can be chosen', () => {
  const env = { ...cli, PORT: '3100', TEMPORAL_DEV_PORT: '7300', TEMPORAL_DEV_UI_PORT: '8300' };
  expect(readSettings(root, env)).toMatchObject({ port: 3100, devServer: { port: 7300, uiPort: 8300 } });
});

test.each(['abc', '0', '70000', '3000x', '-1'])('%s is not a port', (PORT) => {
  expect(() => readSettings(root, { ...cli, PORT })).toThrow(`PORT is "${PORT}", which is not a port`);
});

test('a catalog of one’s own comes before the demo', async () => {
  await writeFile(join(root, 'quarterdeck.yaml'), '');
  expect(readSettings(root, cli).catalog).toBe('quarterdeck.yaml');
  expect(readSettings(root, { ...cli, QUARTERDECK_CATALOG: '/etc/my.yaml' }).catalog).toBe('/etc/my.yaml');
});
