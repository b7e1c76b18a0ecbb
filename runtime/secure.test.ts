import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { type AddressInfo, createConnection, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterAll, afterEach, describe, expect, inject, test, vi } from 'vitest';
import { connectClient } from './connect-client.ts';
import { connectWorker } from './connect-worker.ts';
import { createLogger } from './logger.ts';
import { temporalSettings } from './temporal.ts';
import { makeCertificate } from './testing/make-certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-secure-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const saved = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const server = makeCertificate('localhost');
const known = makeCertificate('quarterdeck');
const stranger = makeCertificate('stranger');
const serverCert = saved('server.pem', server.cert);

const listen = async (listener: Pick<Server, 'listen' | 'address' | 'close'> & NodeJS.EventEmitter) => {
  listener.listen(0, 'localhost');
  await once(listener, 'listening');
  closing.push(() => listener.close());
  return `localhost:${(listener.address() as AddressInfo).port}`;
};

/** The dev server behind a door that asks everybody for a certificate. */
const guardedServer = () => {
  const [host = '', port = ''] = inject('temporalAddress').split(':');
  const options = { ...server, ca: [known.cert], requestCert: true, rejectUnauthorized: true };
  return listen(
    createServer({ ...options, ALPNProtocols: ['h2'] }, (socket) => {
      const through = createConnection(Number(port), host);
      socket.pipe(through).pipe(socket);
      for (const end of [socket, through]) end.on('error', () => socket.destroy());
      socket.once('close', () => through.destroy());
      through.once('close', () => socket.destroy());
    }),
  );
};

const settingsOf = (address: string, pair: { cert: string; key: string }) =>
  temporalSettings({
    XDG_CONFIG_HOME: folder,
    TEMPORAL_HOST_URL: address,
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: serverCert,
    TEMPORAL_MTLS_TLS_CERT: saved('client.pem', pair.cert),
    TEMPORAL_MTLS_TLS_KEY: saved('client.key', pair.key),
  });

describe('mutual TLS', () => {
  test('lets the client and the worker in by their certificate', async () => {
    const settings = settingsOf(await guardedServer(), known);
    const client = connectClient(settings);
    closing.push(() => client.connection.close());
    expect((await client.workflowService.getSystemInfo({})).serverVersion).toMatch(/^1\./);
    const abortSignal = AbortSignal.timeout(30_000);
    const connection = await connectWorker(settings, { logger: createLogger('test', 'silent'), abortSignal });
    await connection.close();
  });

  test('keeps a stranger out', async () => {
    const client = connectClient(settingsOf(await guardedServer(), stranger));
    closing.push(() => client.connection.close());
    await expect(client.workflowService.getSystemInfo({})).rejects.toThrow(/UNAVAILABLE/);
  });
});

test('an API key goes along with every call, over TLS', async () => {
  const seen: (string | undefined)[] = [];
  const listener = createSecureServer(server).on('stream', (stream, headers) => {
    seen.push(headers.authorization);
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '16' },
      { endStream: true },
    );
  });
  const address = await listen(listener);
  const settings = temporalSettings({
    XDG_CONFIG_HOME: folder,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_API_KEY: 'the-key',
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: serverCert,
  });
  const client = connectClient(settings);
  closing.push(() => client.connection.close());
  await expect(client.workflowService.getSystemInfo({})).rejects.toThrow(/UNAUTHENTICATED/);
  expect(seen).toEqual(['Bearer the-key']);

  const abort = new AbortController();
  const logger = createLogger('test', 'silent');
  const connecting = connectWorker(settings, { logger, abortSignal: abort.signal }).catch(
    (error) => error.name,
  );
  await vi.waitFor(() => expect(seen.length).toBeGreaterThan(1), { timeout: 30_000 });
  expect(new Set(seen)).toEqual(new Set(['Bearer the-key']));
  abort.abort();
  expect(await connecting).toBe('AbortError');
});
