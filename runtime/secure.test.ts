import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, inject, test, vi } from 'vitest';
import { checkTemporalServer } from '../cli/doctor/check-temporal.ts';
import { connectOwnNamespace, createWorkerFolder, findLine } from '../worker/testing/worker-process.ts';
import { type Deploy, deployWorkflowId } from '../workflows/contract/deploy.ts';
import { runQuery } from '../workflows/contract/run-messages.ts';
import { connectClient } from './connect-client.ts';
import { connectWorker } from './connect-worker.ts';
import { createLogger, type Logger } from './logger.ts';
import { readTemporalSettings, type TemporalSettings } from './temporal-settings.ts';
import { guardServer } from './testing/guarded-server.ts';
import { type MadeCertificate, makeCertificate } from './testing/make-certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'quarterdeck-secure-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const patience = { timeout: 45_000, interval: 100 };

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
const authority = makeCertificate('our CA', { authority: true });
const known = makeCertificate('quarterdeck', { issuer: authority });
const stranger = makeCertificate('stranger');
const serverCert = saved('server.pem', server.cert);

const listen = async (listener: Pick<Server, 'listen' | 'address' | 'close'> & NodeJS.EventEmitter) => {
  listener.listen(0, 'localhost');
  await once(listener, 'listening');
  closing.push(() => listener.close());
  return `localhost:${(listener.address() as AddressInfo).port}`;
};

/** The dev server behind a TLS proxy that requires a client certificate. */
const guardedServer = async (): Promise<string> => {
  const door = await guardServer({ server, authority, behind: inject('temporalAddress') });
  closing.push(door.close);
  return door.address;
};

const variables = (address: string, pair: MadeCertificate | null) => ({
  XDG_CONFIG_HOME: folder,
  TEMPORAL_HOST_URL: address,
  TEMPORAL_TLS: 'true',
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: serverCert,
  ...(pair === null
    ? {}
    : {
        TEMPORAL_MTLS_TLS_CERT: saved(`${pair.name}.pem`, pair.cert),
        TEMPORAL_MTLS_TLS_KEY: saved(`${pair.name}.key`, pair.key),
      }),
});

/** The warning of a worker that cannot connect. */
const workerWarning = async (settings: TemporalSettings): Promise<string> => {
  const abort = new AbortController();
  const warnings: string[] = [];
  const warn = (_: object, message: string) => void warnings.push(message);
  const logger = { warn, info: warn } as unknown as Logger;
  const connecting = connectWorker(settings, { logger, abortSignal: abort.signal });
  const ended = connecting.catch((error) => error.name);
  await vi.waitFor(() => expect(warnings).toHaveLength(1), { timeout: 30_000 });
  abort.abort();
  expect(await ended).toBe('AbortError');
  return warnings[0] ?? '';
};

/** The finding of `doctor`. */
const diagnosis = async (settings: TemporalSettings): Promise<string> => {
  const client = connectClient(settings);
  closing.push(() => client.connection.close());
  const [finding] = await checkTemporalServer(client, settings)();
  expect(finding?.level).toBe('fail');
  return finding?.text ?? '';
};

describe('mutual TLS', () => {
  test('accepts client and worker by their certificate, and runs a workflow through them', async () => {
    const env = variables(await guardedServer(), known);
    const settings = readTemporalSettings(env);
    const client = connectClient(settings);
    closing.push(() => client.connection.close());
    expect((await client.workflowService.getSystemInfo({})).serverVersion).toMatch(/^1\./);

    const place = createWorkerFolder(process.env.PATH);
    closing.push(place.clean);
    const own = await connectOwnNamespace(inject('temporalAddress'));
    closing.push(() => own.connection.close());
    const catalog = saved('quarterdeck.yaml', 'services: { web: { repo: ., environments: { live: {} } } }');
    const { namespace } = own.options;
    const worker = place.start({ ...env, TEMPORAL_NAMESPACE: namespace, QUARTERDECK_CATALOG: catalog });
    await vi.waitFor(() => expect(findLine(worker, 'polling task queues')).toBeDefined(), patience);
    const through = connectClient({ ...settings, namespace });
    closing.push(() => through.connection.close());
    const handle = await through.workflow.start<Deploy>('deploy', {
      workflowId: deployWorkflowId(randomUUID()),
      taskQueue: 'cicd-queue',
      args: [{ service: 'wbe', environment: 'live', requestedBy: { id: 'ada@example.com', name: 'Ada' } }],
    });
    await vi.waitFor(async () => {
      const { failure } = await handle.query(runQuery);
      expect(failure).toMatchObject({ type: 'UnknownService' });
    }, patience);
  });

  test.each<[string, MadeCertificate | null, RegExp]>([
    [
      'without a certificate',
      null,
      /requires a client certificate: set TEMPORAL_MTLS_TLS_CERT|closed the connection/,
    ],
    ['of another CA', stranger, /(rejected|may reject) the client certificate/],
  ])('rejects a client %s and names the setting to check', async (_, pair, cause) => {
    const settings = readTemporalSettings(variables(await guardedServer(), pair));
    expect(await workerWarning(settings)).toMatch(cause);
    expect(await diagnosis(settings)).toMatch(cause);
  });

  test.each<[string, Record<string, string>, string]>([
    [
      'of an unknown CA',
      { TEMPORAL_TLS_SERVER_CA_CERT_PATH: saved('other-ca.pem', stranger.cert) },
      'from an unknown CA: set TEMPORAL_TLS_SERVER_CA_CERT_PATH',
    ],
    [
      'of another name',
      { TEMPORAL_TLS_SERVER_NAME: 'other.example' },
      'is for another name: correct the address',
    ],
  ])('reports a server certificate %s', async (_, other, cause) => {
    const settings = readTemporalSettings({ ...variables(await guardedServer(), known), ...other });
    expect(await workerWarning(settings)).toContain(cause);
    expect(await diagnosis(settings)).toContain(cause);
  });

  test('reports a server that does not use TLS', async () => {
    const settings = readTemporalSettings(variables(inject('temporalAddress'), known));
    expect(await workerWarning(settings)).toContain('the server does not use TLS there');
    expect(await diagnosis(settings)).toContain('the server does not use TLS there');
  });
});

test.each([
  ['16', 'the server rejected the API key: create a new one and set TEMPORAL_CLOUD_API_KEY'],
  ['7', 'this key or certificate has no access to namespace default'],
])('doctor explains an API key that gets gRPC status %s', async (status, cause) => {
  const listener = createSecureServer(server).on('stream', (stream) =>
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': status },
      { endStream: true },
    ),
  );
  const { TEMPORAL_TLS: _, ...env } = variables(await listen(listener), null);
  const settings = readTemporalSettings({
    ...env,
    TEMPORAL_CLOUD_API_KEY: 'the-key',
    TEMPORAL_API_KEY: 'the-key',
  });
  expect(await diagnosis(settings)).toContain(cause);
});

test('every call carries the API key over TLS', async () => {
  const seen: (string | undefined)[] = [];
  const listener = createSecureServer(server).on('stream', (stream, headers) => {
    seen.push(headers.authorization);
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '16' },
      { endStream: true },
    );
  });
  const address = await listen(listener);
  const settings = readTemporalSettings({
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
