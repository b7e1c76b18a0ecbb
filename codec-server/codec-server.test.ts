import { request } from 'node:http';
import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPayloadCodec } from '../encryption/payload-codec.ts';
import { createKeyRing, makeKey } from '../encryption/testing/rings.ts';
import { readPayloads, writePayloads } from './create-codec-app.ts';
import { startCodecServer } from './testing/start-codec-server.ts';

type Server = Awaited<ReturnType<typeof startCodecServer>>;

const keys = createKeyRing(makeKey('k1'));
const token = 'a-token-of-some-length';
const ui = 'http://localhost:8233';
let open: Server;
let closed: Server;

beforeAll(async () => {
  open = await startCodecServer({ keys, token: null, origins: [ui] });
  closed = await startCodecServer({ keys, token, origins: [ui] });
});
afterAll(() => {
  open.stop();
  closed.stop();
});

const clear = writePayloads([defaultPayloadConverter.toPayload({ password: 'hunter2' }) ?? {}]);
const post = (server: Server, path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

/** Calls with a foreign Host header, as a page behind DNS rebinding would; `fetch` cannot set that header. */
const asHost = (host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const options = { port: open.port, method: 'POST', path: '/decode', headers: { host } };
    const call = request(options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    call.on('error', reject).end(JSON.stringify({ payloads: [] }));
  });

test.each(['', '/', '/default', '/team.a1b2c'])('%s/decode reverses %s/encode', async (space) => {
  const encoded = await post(open, `${space}/encode`, clear);
  const sealed = await encoded.text();
  expect(sealed).toContain(Buffer.from('binary/encrypted').toString('base64'));
  expect(Buffer.from(JSON.parse(sealed).payloads[0].data, 'base64').toString('latin1')).not.toContain(
    'hunter2',
  );
  const decoded = await post(open, `${space}/decode`, sealed);
  expect(decoded.headers.get('cache-control')).toBe('no-store');
  expect(await decoded.json()).toEqual(clear);
});

test('clear and empty payloads are returned unchanged', async () => {
  expect(await (await post(open, '/decode', clear)).json()).toEqual(clear);
  for (const none of [{}, { payloads: [] }, { payloads: null }])
    expect(await (await post(open, '/decode', none)).json()).toEqual({ payloads: [] });
  expect(await (await post(open, '/decode', { payloads: [{}] })).json()).toEqual({
    payloads: [{ metadata: {}, data: '' }],
  });
});

describe('invalid requests', () => {
  test.each(['hunter2', '{"payloads":"hunter2"}', '{"payloads":[{"data":"hunter2!"}]}', '[]'])(
    'the body %j is rejected without being quoted',
    async (body) => {
      const response = await post(open, '/default/decode', body);
      expect(response.status).toBe(400);
      const { message } = (await response.json()) as { message: string };
      expect(message).toMatch(/^the body must be/);
      expect(message).not.toContain('hunter2');
    },
  );

  test('a payload with a missing key is rejected', async () => {
    const sealed = await createPayloadCodec(createKeyRing(makeKey('other'))).encode(
      readPayloads(clear) ?? [],
    );
    const response = await post(open, '/decode', writePayloads(sealed));
    expect(response.status).toBe(422);
    expect(await response.json()).toEqual({
      message: expect.stringContaining('the key "other" is missing from ENCRYPTION_KEYS'),
    });
  });

  test('a request of 100 MB is refused before it is read', async () => {
    const big = `{"payloads":[{"data":"${'A'.repeat(100 * 1024 * 1024)}"}]}`;
    const response = await post(open, '/decode', big);
    expect(response.status).toBe(413);
    expect(await response.text()).toContain('the request is larger than 16mb');
  });

  test('another path is rejected', async () => {
    expect((await fetch(`${open.url}/`)).status).toBe(404);
    expect((await post(open, '/a/b/decode', clear)).status).toBe(404);
  });
});

describe('authorization', () => {
  test('with a token, only its bearer is accepted', async () => {
    for (const wrong of ['', 'Bearer', 'Bearer x', `Basic ${token}`, `Bearer ${token}x`, token]) {
      const refused = await post(closed, '/decode', clear, { authorization: wrong });
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    }
    expect((await post(closed, '/decode', clear, { authorization: `Bearer ${token}` })).status).toBe(200);
  });

  test('without a token, only loopback host names are accepted', async () => {
    for (const host of ['localhost:8081', '127.0.0.1', '[::1]:8081']) expect(await asHost(host)).toBe(200);
    for (const host of ['evil.example', 'localhost.evil.example:8081', '127.0.0.1.evil.example', '@'])
      expect(await asHost(host)).toBe(403);
  });

  test('a web page is accepted only from an allowed origin', async () => {
    for (const origin of ['https://evil.example', 'null', `${ui}.evil.example`, 'http://localhost:8234']) {
      const refused = await post(open, '/decode', clear, { origin });
      expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    }
    const answer = await post(open, '/decode', clear, { origin: ui });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, ui]);
    expect(answer.headers.get('vary')).toBe('Origin');
  });

  test('a CORS preflight request is answered', async () => {
    const ask = (origin: string) =>
      fetch(`${closed.url}/default/decode`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const allowed = await ask(ui);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-headers')).toBe(
      'content-type, x-namespace, authorization',
    );
    expect(allowed.headers.get('access-control-allow-credentials')).toBe('true');
    expect((await ask('https://evil.example')).status).toBe(403);
  });
});
