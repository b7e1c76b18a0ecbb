import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { checkPorts } from './ports.ts';
import type { StartSettings } from './settings.ts';
import { StartError } from './start-error.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

const listen = async (host = '127.0.0.1'): Promise<number> => {
  const server = createServer().listen(0, host);
  open.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

const freePort = async (): Promise<number> => {
  const port = await listen();
  const server = open.pop();
  server?.close();
  return port;
};

const settings = async (given: { port?: number; server?: number; ui?: number; own?: boolean }) =>
  ({
    host: '127.0.0.1',
    port: given.port ?? (await freePort()),
    devServer:
      given.own === false
        ? null
        : {
            cli: 'temporal',
            port: given.server ?? (await freePort()),
            uiPort: given.ui ?? (await freePort()),
          },
  }) as StartSettings;

const problemOf = async (wanted: StartSettings): Promise<string> => {
  try {
    await checkPorts(wanted);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(StartError);
    return (error as StartError).message;
  }
};

test('free ports cause no error', async () => {
  expect(await problemOf(await settings({}))).toBe('');
});

test('a port in use is reported with its process and a command', async () => {
  const port = await listen();
  const text = await problemOf(await settings({ port }));
  expect(text).toContain(`Port ${port}, for the console, is in use by`);
  expect(text).toContain(`PORT=${port + 1} npm start`);
  if (process.platform === 'linux') expect(text).toContain(`(process ${process.pid})`);
});

test('every port in use is reported in one error', async () => {
  const [server, ui, port] = [await listen(), await listen('0.0.0.0'), await listen()];
  const lines = (await problemOf(await settings({ server, ui, port }))).split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toContain(`TEMPORAL_ADDRESS=localhost:${server} npm start`);
  expect(lines[1]).toContain(`TEMPORAL_DEV_UI_PORT=${ui + 1} npm start`);
});

test('the ports of the Temporal server are not checked when another server is used', async () => {
  expect(await problemOf(await settings({ own: false }))).toBe('');
});

test('a port that is configured twice is reported', async () => {
  const port = await freePort();
  expect(await problemOf(await settings({ port, ui: port }))).toContain(
    `Port conflict: ${port} is configured for two services`,
  );
});
