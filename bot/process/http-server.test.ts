import type { Client } from '@temporalio/client';
import { afterEach, describe, expect, test } from 'vitest';
import { createMetrics } from '../../runtime/metrics.ts';
import type { Store } from '../store/store.ts';
import { createFakePlatform } from '../testing/fake-platform.ts';
import { silentLogger } from '../testing/test-store.ts';
import { createReadinessCheck, type HttpServer, startHttp } from './http-server.ts';

const metrics = createMetrics('test', { defaults: false });
const servers: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const start = async (port = 0): Promise<HttpServer> => {
  const server = await startHttp({ host: '127.0.0.1', port, metrics, logger: silentLogger });
  servers.push(server);
  return server;
};
const get = (server: HttpServer, path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);

const answering = {
  withDeadline: (_: number, ask: () => unknown) => ask(),
  workflowService: { getSystemInfo: () => Promise.resolve({}) },
};
const refusing = {
  ...answering,
  workflowService: { getSystemInfo: () => Promise.reject(new Error('14 UNAVAILABLE')) },
};
const health = (client: object, ping: () => Promise<void>, away = false) => {
  const chat = createFakePlatform();
  if (away) chat.setAway(() => new Error('away'));
  return createReadinessCheck(client as Client, { ping } as Store, () => [chat.platform]);
};

describe('the server', () => {
  test('is alive from the start, and ready when its dependencies answer', async () => {
    const server = await start();
    expect(await (await get(server, '/healthz')).text()).toBe('ok');
    const starting = await get(server, '/readyz');
    expect([starting.status, await starting.json()]).toEqual([
      503,
      { ready: false, reasons: ['the bot is starting'] },
    ]);
    server.ready(health(answering, () => Promise.resolve()));
    expect(await (await get(server, '/readyz')).json()).toEqual({ ready: true, reasons: [] });
  });

  test('answers 503 with Retry-After while the platforms are created', async () => {
    const server = await start();
    server.app.post('/slack/events', (_request, response) => {
      response.send('taken');
    });
    const post = () => fetch(`http://127.0.0.1:${server.port}/slack/events`, { method: 'POST' });
    const early = await post();
    expect([early.status, early.headers.get('retry-after')]).toEqual([503, '1']);
    server.seal();
    expect(await (await post()).text()).toBe('taken');
  });

  test('names each dependency that is not ready', async () => {
    const server = await start();
    server.ready(health(refusing, () => Promise.reject(new Error('connection refused')), true));
    const answer = await get(server, '/readyz');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({
      ready: false,
      reasons: ['Temporal: 14 UNAVAILABLE', 'the store: connection refused', 'fake: it is away'],
    });
  });

  test('does not wait for a dependency that hangs', async () => {
    const server = await start();
    server.ready(
      health({ ...answering, withDeadline: () => new Promise(() => undefined) }, () => Promise.resolve()),
    );
    expect(await (await get(server, '/readyz')).json()).toMatchObject({
      reasons: ['Temporal: no answer within 1500 ms'],
    });
  });

  test('serves its metrics', async () => {
    metrics.counter('served_total', 'A test.').inc();
    const answer = await get(await start(), '/metrics');
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(await answer.text()).toContain('quarterdeck_served_total{process="test"} 1');
  });

  test('hides the details of an internal error', async () => {
    const server = await start();
    server.app.get('/broken', () => {
      throw new Error('secret detail');
    });
    server.seal();
    const broken = await get(server, '/broken');
    expect([broken.status, await broken.text()]).toEqual([500, 'Internal error.']);
    expect(broken.headers.has('x-powered-by')).toBe(false);
    const missing = await get(server, '/nothing');
    expect([missing.status, await missing.text()]).toEqual([404, 'Not found.']);
  });

  test('reports in one sentence that its port is in use', async () => {
    const { port } = await start();
    await expect(startHttp({ host: '127.0.0.1', port, metrics, logger: silentLogger })).rejects.toThrow(
      `listening on 127.0.0.1:${port}: the port is in use; stop the other process, or set PORT to another port`,
    );
  });
});
