import { once } from 'node:events';
import { createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, createConnection, createServer } from 'node:net';
import { isGrpcServiceError } from '@temporalio/client';
import { afterEach, describe, expect, inject, test, vi } from 'vitest';
import { noKeys } from '../encryption/keys.ts';
import { defaultQueues } from '../workflows/contract/task-queues.ts';
import { connectClient } from './connect-client.ts';
import { connectWorker } from './connect-worker.ts';
import type { Logger } from './logger.ts';
import { missingSearchAttributes, registerCommand, registerSearchAttributes } from './search-attributes.ts';
import type { TemporalSettings } from './temporal-settings.ts';

const settings = (address: string, namespace = 'default'): TemporalSettings => ({
  address,
  addressFrom: 'the test',
  namespace,
  queues: defaultQueues,
  tls: false,
  certificateExpires: null,
  apiKey: null,
  metadata: {},
  encryption: noKeys,
});

const fakeLogger = () => {
  const lines: [level: string, facts: Record<string, unknown>, message: string][] = [];
  const at = (level: string) => (facts: Record<string, unknown>, message: string) =>
    void lines.push([level, facts, message]);
  const logger = { info: at('info'), warn: at('warn'), error: at('error') } as unknown as Logger;
  return { logger, lines };
};

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

describe('a client', () => {
  test('can be created while Temporal is down, and works once Temporal responds', async () => {
    const client = connectClient(settings(inject('temporalAddress')));
    closing.push(() => client.connection.close());
    expect((await client.workflowService.getSystemInfo({})).serverVersion).toMatch(/^1\./);
  });

  test('fails after a few attempts when the server is down', async () => {
    const client = connectClient(settings(`127.0.0.1:${await freePort()}`));
    closing.push(() => client.connection.close());
    await expect(client.workflowService.getSystemInfo({})).rejects.toThrow(/UNAVAILABLE/);
  });

  test('fails with DEADLINE_EXCEEDED when the server hangs', async () => {
    const server = createHttp2Server().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = connectClient(settings(`127.0.0.1:${port}`), { timeoutMs: 300 });
    closing.push(
      () => server.close(),
      () => client.connection.close(),
    );
    const failure = await client.workflow
      .getHandle('x')
      .describe()
      .catch((error) => error);
    const cause = isGrpcServiceError(failure) ? failure : failure.cause;
    expect(String(cause?.message)).toMatch(/DEADLINE_EXCEEDED/);
  });
});

describe('a worker’s connection', () => {
  test('waits for the server with a warning, then connects', async () => {
    const port = await freePort();
    const { logger, lines } = fakeLogger();
    const abort = new AbortController();
    const connecting = connectWorker(settings(`127.0.0.1:${port}`), { logger, abortSignal: abort.signal });
    await vi.waitFor(() => expect(lines).toHaveLength(1), { timeout: 20_000 });
    expect(lines[0]?.[2]).toBe(`waiting for Temporal at 127.0.0.1:${port}, namespace default`);
    expect(lines[0]?.[1]).toMatchObject({
      addressFrom: 'the test',
      reason: expect.stringMatching(/refused/i),
    });

    // The server comes: another door to the one that all tests share.
    const [host, real] = inject('temporalAddress').split(':');
    const door = createServer((socket) => {
      const through = createConnection(Number(real), host);
      socket.pipe(through).pipe(socket);
      for (const end of [socket, through]) end.on('error', () => socket.destroy());
      socket.once('close', () => through.destroy());
    }).listen(port, '127.0.0.1');
    closing.push(() => door.close());
    const connection = await connecting;
    expect(lines.at(-1)?.[2]).toBe('connected to Temporal');
    await connection.close();
  });

  test('waits for a namespace that does not exist yet', async () => {
    const { logger, lines } = fakeLogger();
    const abort = new AbortController();
    const connecting = connectWorker(settings(inject('temporalAddress'), 'not-there'), {
      logger,
      abortSignal: abort.signal,
    });
    const ended = connecting.catch((error) => error);
    await vi.waitFor(() => expect(lines).toHaveLength(1), { timeout: 20_000 });
    expect(lines[0]?.[1].reason).toMatch(/not-there is not found/);
    abort.abort();
    expect(await ended).toMatchObject({ name: 'AbortError' });
  });
});

describe('search attributes', () => {
  test('are found when the namespace has them', async () => {
    const client = connectClient(settings(inject('temporalAddress')));
    closing.push(() => client.connection.close());
    expect(await missingSearchAttributes(client.connection, 'default')).toEqual([]);
  });

  test('are registered when the namespace lacks them', async () => {
    const client = connectClient(settings(inject('temporalAddress')));
    closing.push(() => client.connection.close());
    const namespace = `fresh-${process.pid}-${Date.now()}`;
    await client.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    const { logger, lines } = fakeLogger();
    await vi.waitFor(
      async () => {
        await client.workflowService.describeNamespace({ namespace });
        expect(await registerSearchAttributes(client.connection, namespace, logger)).toEqual([]);
      },
      { timeout: 30_000, interval: 200 },
    );
    expect(await missingSearchAttributes(client.connection, namespace)).toEqual([]);
    expect(lines.map(([, , message]) => message)).toContain('search attribute registered');
  });

  test('that the server refuses to register are logged with the command that registers them', async () => {
    const client = connectClient(settings(inject('temporalAddress')));
    closing.push(() => client.connection.close());
    const refuse = () => Promise.reject(Object.assign(new Error('7 PERMISSION_DENIED'), { code: 7 }));
    const invalid = () => Promise.reject(Object.assign(new Error('3 INVALID_ARGUMENT'), { code: 3 }));
    const guarded = Object.assign(Object.create(client.connection), {
      operatorService: { listSearchAttributes: refuse, addSearchAttributes: refuse },
      workflowService: {
        listWorkflowExecutions: ({ query }: { query: string }) =>
          query.startsWith('tfDirectory') ? invalid() : Promise.resolve({}),
      },
    });
    const { logger, lines } = fakeLogger();
    expect(await registerSearchAttributes(guarded, 'prod', logger)).toEqual(['tfDirectory']);
    expect(lines.at(-1)).toEqual([
      'error',
      {
        missing: ['tfDirectory'],
        run: 'temporal operator search-attribute create --namespace prod --name tfDirectory --type Text',
      },
      expect.stringContaining('search attributes are missing'),
    ]);
    expect(registerCommand('x', ['quarterdeckService'])).toContain(
      '--name quarterdeckService --type Keyword',
    );
  });

  test('are checked by a query when the server rejects the operator API', async () => {
    const client = connectClient(settings(inject('temporalAddress')));
    closing.push(() => client.connection.close());
    const refuse = () => Promise.reject(Object.assign(new Error('7 PERMISSION_DENIED'), { code: 7 }));
    const guarded = Object.assign(Object.create(client.connection), {
      operatorService: { listSearchAttributes: refuse },
      workflowService: client.connection.workflowService,
    });
    expect(await missingSearchAttributes(guarded, 'default')).toEqual([]);
  });
});
