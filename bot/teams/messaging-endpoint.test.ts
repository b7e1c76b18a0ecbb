import {
  BetweenBotAndAseChannelTokenValidationParameters,
  ToBotFromBotOrEmulatorTokenValidationParameters,
} from 'botframework-connector';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TeamsConfig } from './config.ts';
import type { KeyName } from './testing/fake-keys.ts';
import { answerInvoke, openFrontWorld } from './testing/front-world.ts';

const roomy = { windowMs: 60_000, failures: 100_000 };
let world: Awaited<ReturnType<typeof openFrontWorld>>;
beforeAll(async () => {
  world = await openFrontWorld({ limits: roomy });
});
afterAll(() => world.close());
beforeEach(() => {
  // The SDK writes to the console when a token is no good.
  vi.spyOn(console, 'error').mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
  world.teams.clearFaults();
  world.turns.length = 0;
  world.logged.length = 0;
  world.state.isAccepting = true;
  world.state.answer = async () => undefined;
});

const hello = (over: object = {}) =>
  world.requests.messageActivity(world.teams.people.ada, 'help', undefined, over);

/** Refused, with a number and nothing else, and nothing came of it. */
const expectRefused = async (response: Response, status: number) => {
  expect(response.status).toBe(status);
  expect(await response.text()).toBe('');
  expect(world.turns).toEqual([]);
};

describe('a request from Teams', () => {
  test('A request with the token of the Bot Connector is accepted', async () => {
    const { requests, teams, turns } = world;
    const response = await requests.message(teams.people.ada, 'deploy web');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
    expect(turns.map(({ text }) => text)).toEqual(['<at>Quarterdeck</at> deploy web']);
  });

  test('A request whose tenant is only in the channel data is accepted', async () => {
    const { id, conversationType } = hello().conversation;
    const response = await world.requests.raw(hello({ conversation: { id, conversationType } }));
    expect(response.status).toBe(200);
  });

  test('An invoke is answered with the response of its handler', async () => {
    const { requests, teams, state } = world;
    const body = { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'Approved' };
    state.answer = (turn) => answerInvoke(turn, { status: 200, body });
    const response = await requests.invoke(teams.people.ada, { verb: 'command', data: {} });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(body);
  });

  test('An invoke without a response is not a success', async () => {
    const { requests, teams } = world;
    expect((await requests.invoke(teams.people.ada, {})).status).toBe(501);
  });

  test('A request that fails is answered without details', async () => {
    const { requests, teams, state, logged } = world;
    state.answer = async () => {
      throw new Error('hunter2');
    };
    const response = await requests.message(teams.people.ada, 'help');
    expect(response.status).toBe(500);
    expect(await response.text()).toBe('');
    expect(logged.join()).toContain('hunter2');
  });

  test('A request to a stopping bot is rejected with 503', async () => {
    world.state.isAccepting = false;
    await expectRefused(await world.requests.raw(hello()), 503);
  });

  test('A turn can reply with the token of the bot', async () => {
    const { requests, teams, state } = world;
    state.answer = async (turn) => void (await turn.sendActivity('Hello'));
    expect((await requests.message(teams.people.ada, 'help')).status).toBe(200);
    expect(teams.messages.map(({ activity }) => activity.text)).toEqual(['Hello']);
  });
});

describe('a rejected token', () => {
  test.each<[string, { claims?: object; key?: KeyName; header?: object }]>([
    ['signed with another key', { key: 'stranger' }],
    ['signed with an unpublished key', { key: 'stranger', header: { kid: 'unpublished' } }],
    ['that names no key', { header: { kid: undefined } }],
    ['signed with a key for another channel', { key: 'webchat' }],
    ['signed with a key for no channel', { key: 'unendorsed' }],
    ['for another app', { claims: { aud: '11111111-2222-4333-8444-555555555555' } }],
    ['for no app', { claims: { aud: undefined } }],
    ['of another issuer', { claims: { iss: 'https://api.botframework.us' } }],
    ['of no issuer', { claims: { iss: undefined } }],
    ['that expired', { claims: { exp: Math.floor(Date.now() / 1000) - 301 } }],
    ['that never expires', { claims: { exp: undefined } }],
    ['that is not valid yet', { claims: { nbf: Math.floor(Date.now() / 1000) + 900 } }],
    ['for another service address', { claims: { serviceurl: 'https://smba.trafficmanager.net/amer/' } }],
    ['for no service address', { claims: { serviceurl: undefined } }],
  ])('A token %s is rejected', async (_, over) => {
    const token = await world.teams.token(over);
    await expectRefused(await world.requests.raw(hello(), { token }), 401);
  });

  test.each([
    ['no header', null],
    ['an empty one', ''],
    ['another scheme', 'Basic YTpi'],
    ['no token', 'Bearer '],
    ['junk', 'Bearer junk'],
    ['junk with dots', 'Bearer a.b.c'],
    [
      'JSON that is no token',
      `Bearer ${['1', 'null', ''].map((part) => Buffer.from(part).toString('base64url')).join('.')}x`,
    ],
    ['two tokens', 'Bearer a.b.c a.b.c'],
    ['a very long one', `Bearer ${'a'.repeat(9000)}.b.c`],
  ])('A request with %s is rejected', async (_, authorization) => {
    await expectRefused(await world.requests.raw(hello(), { authorization }), 401);
  });

  test('A token without a signature or with a symmetric one is rejected', async () => {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const [, payload] = (await world.teams.token()).split('.');
    for (const alg of ['none', 'HS256'])
      await expectRefused(
        await world.requests.raw(hello(), { token: `${encode({ alg, kid: 'ours' })}.${payload}.c2ln` }),
        401,
      );
  });

  test('Only the log contains the reason of a rejection', async () => {
    const token = await world.teams.token({ claims: { aud: 'hunter2' } });
    const response = await world.requests.raw(hello(), { token });
    expect(JSON.stringify([...response.headers])).not.toMatch(/audience|hunter2|botbuilder/i);
    expect(world.logged.join()).toContain('audience invalid');
  });
});

describe('the other entry points of the SDK', () => {
  const emulator = { channelId: 'emulator' };
  const ase = { channelId: 'AseChannel' };

  test.each([
    ['from Teams', {}],
    ['from the Emulator', emulator],
    ['from App Service Extensions', ase],
    ['from a skill', { recipient: { id: '28:x', role: 'skill' } }],
    ['for another service address', { serviceUrl: 'https://evil.example.com/' }],
  ])('The token of the bot, replayed as if %s, is rejected', async (_, over) => {
    const token = await world.teams.outboundToken();
    await expectRefused(await world.requests.raw(hello(over), { token }), 401);
  });

  test.each([
    ['version 1', { ver: '1.0' }],
    ['version 2', { ver: '2.0', azp: 'app' }],
    ['the common tenant', { iss: 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/' }],
    [
      'the login itself',
      { iss: 'https://login.microsoftonline.com/d6d49420-f39b-4df7-a1dc-d59a935871db/v2.0' },
    ],
    ['another app, as a skill has it', { ver: '1.0', appid: '11111111-2222-4333-8444-555555555555' }],
  ])('A token for this app signed by Entra (%s) is rejected', async (_, claims) => {
    const token = await world.teams.outboundToken({ aud: world.teams.config.appId, ...claims });
    await expectRefused(await world.requests.raw(hello(), { token }), 401);
    await expectRefused(await world.requests.raw(hello(ase), { token }), 401);
  });

  test('Skills and streams are rejected', async () => {
    const { auth, teams } = world;
    await expect(auth.authenticateChannelRequest()).rejects.toThrow('skill requests');
    await expect(auth.authenticateStreamingRequest()).rejects.toThrow('streaming requests');
    expect(() => auth.createBotFrameworkClient()).toThrow('skill requests');
    const claims = { ver: '1.0', appid: '11111111-2222-4333-8444-555555555555' };
    // A skill's claims in a token of the right issuer make it no more than Teams' token.
    await world.requests.raw(hello(), { token: await teams.token({ claims }) });
    expect(world.turns.map((turnActivity) => turnActivity.channelId)).toEqual(['msteams']);
  });
});

describe('a rejected activity with a valid token', () => {
  test.each([
    ['without a channel', { channelId: undefined }],
    ['with an empty channel', { channelId: '' }],
    ['of the Emulator', { channelId: 'emulator' }],
    ['of App Service Extensions', { channelId: 'AseChannel' }],
    ['of another channel that its key is endorsed for', { channelId: 'webchat' }],
    ['without a service address', { serviceUrl: undefined }],
    ['with an empty service address', { serviceUrl: '' }],
  ])('An activity %s is rejected', async (_, over) => {
    await expectRefused(await world.requests.raw(hello(over)), 403);
  });

  test.each([
    ['over http', (host: string) => `http://${host}/teams/`],
    ['at another host', () => 'https://smba.trafficmanager.net/amer/'],
    ['at another port', (host: string) => `https://${host.split(':')[0]}/teams/`],
    ['at a host that only ends in ours', (host: string) => `https://evil.${host}/teams/`],
    ['at a host that only begins like ours', (host: string) => `https://${host.split(':')[0]}.evil.com/`],
    ['at ours as a user’s name', (host: string) => `https://${host}@evil.com/`],
    ['with a user’s name', (host: string) => `https://user@${host}/teams/`],
    ['with a question', (host: string) => `https://${host}/teams/?x=1`],
    ['that is no address', () => 'teams'],
  ])('A service URL %s is rejected even when the token contains it', async (_, make) => {
    const serviceUrl = make(world.teams.host);
    const token = await world.teams.token({ claims: { serviceurl: serviceUrl } });
    await expectRefused(await world.requests.raw(hello({ serviceUrl }), { token }), 403);
  });

  test.each([
    ['of another tenant', { conversation: { tenantId: 'bbbbbbbb-0000-4000-8000-000000000001' } }],
    ['of no tenant', { conversation: { tenantId: undefined }, channelData: {} }],
    ['of no tenant and no data', { conversation: { tenantId: undefined }, channelData: undefined }],
    ['of an empty tenant', { conversation: { tenantId: '' } }],
    [
      'of two tenants, one of them ours',
      { channelData: { tenant: { id: 'bbbbbbbb-0000-4000-8000-000000000001' } } },
    ],
  ])(
    'An activity %s is rejected',
    async (_, over: { conversation?: object; channelData?: object | undefined }) => {
      const sent = hello(over);
      const conversation = { ...hello().conversation, ...over.conversation };
      await expectRefused(await world.requests.raw({ ...sent, conversation }), 403);
    },
  );

  test('An activity of another tenant is rejected without revealing the allowed tenants', async () => {
    const token = await world.teams.token({ key: 'stranger' });
    const conversation = { ...hello().conversation, tenantId: 'bbbbbbbb-0000-4000-8000-000000000001' };
    await expectRefused(await world.requests.raw(hello({ conversation }), { token }), 401);
    await expectRefused(await world.requests.raw(hello(), { token }), 401);
  });

  test('A tenant in capitals is the same tenant', async () => {
    const { conversation } = hello();
    const tenantId = world.teams.config.tenants[0]?.toUpperCase();
    const response = await world.requests.raw(hello({ conversation: { ...conversation, tenantId } }));
    expect(response.status).toBe(200);
  });
});

describe('a rejected body', () => {
  test.each<[string, unknown]>([
    ['is not JSON', '{"type":'],
    ['is a string', '"message"'],
    ['is a list', [{ type: 'message' }]],
    ['is empty', ''],
    ['has no type', () => hello({ type: undefined })],
    ['has a number for a type', () => hello({ type: 1 })],
    ['has no conversation', () => hello({ conversation: undefined })],
    ['has a string for a conversation', () => hello({ conversation: 'x' })],
    ['has an object for a text', () => hello({ text: {} })],
    ['has strings for entities', () => hello({ entities: ['mention'] })],
    ['has a list for a sender', () => hello({ from: [] })],
    ['has a number for a channel', () => hello({ channelId: 5 })],
  ])('A body that %s is rejected', async (_, body) => {
    const sent: unknown = typeof body === 'function' ? body() : body;
    await expectRefused(await world.requests.raw(sent), 400);
  });

  test('A body larger than 256 kB is rejected', async () => {
    await expectRefused(await world.requests.raw(hello({ text: 'x'.repeat(257 * 1024) })), 413);
    expect((await world.requests.raw(hello({ text: 'x'.repeat(250 * 1024) }))).status).toBe(200);
  });

  test('A body with another content type or an encoding is rejected', async () => {
    const authorization = `Bearer ${await world.teams.token()}`;
    const send = (headers: Record<string, string>) =>
      fetch(world.url, {
        method: 'POST',
        headers: { authorization, ...headers },
        body: JSON.stringify(hello()),
      });
    await expectRefused(await send({ 'content-type': 'text/plain' }), 415);
    await expectRefused(await send({ 'content-type': 'application/json', 'content-encoding': 'gzip' }), 415);
  });

  test('A request with another method than POST is rejected', async () => {
    expect((await fetch(world.url)).status).toBe(404);
    expect(world.turns).toEqual([]);
  });
});

test('Every generated token is rejected', async () => {
  const anything = fc.oneof(fc.jsonValue(), fc.constantFrom('RS256', 'none', 'ours', 'webchat'));
  const header = fc.record({ alg: anything, kid: fc.oneof(fc.constant('ours'), anything), typ: anything });
  const claims = fc.record({
    aud: anything,
    exp: anything,
    nbf: anything,
    iat: anything,
    serviceurl: anything,
  });
  await fc.assert(
    fc.asyncProperty(header, claims, fc.base64String(), async (head, payload, signature) => {
      const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
      const issued = { ...payload, iss: 'https://api.botframework.com' };
      const token = `${encode(head)}.${encode(issued)}.${signature.replaceAll(/[+/=]/g, '_')}`;
      await expectRefused(await world.requests.raw(hello(), { token }), 401);
    }),
    { numRuns: 200 },
  );
});

test('Junk tokens of many tenants and issuers use no memory', async () => {
  const size = () =>
    [ToBotFromBotOrEmulatorTokenValidationParameters, BetweenBotAndAseChannelTokenValidationParameters].map(
      ({ issuer }) => issuer?.length,
    );
  const before = size();
  const issuers = ['https://api.botframework.com', 'https://sts.windows.net/x/', 'https://junk.example.com'];
  for (let index = 0; index < 300; index += 1) {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const claims = {
      iss: issuers[index % 3],
      tid: `junk-${index}`,
      aud: world.teams.config.appId,
      ver: '1.0',
      appid: 'x',
    };
    const token = `${encode({ alg: 'RS256', kid: 'ours' })}.${encode(claims)}.c2ln`;
    await expectRefused(await world.requests.raw(hello(), { token }), 401);
  }
  expect(before.every((count) => typeof count === 'number')).toBe(true);
  expect(size()).toEqual(before);
});

describe('the limit for failed requests', () => {
  test('An address over the limit is rejected before its tokens are verified, with one log line', async () => {
    const small = await openFrontWorld({ limits: { windowMs: 60_000, failures: 3 } });
    const authenticate = vi.spyOn(small.auth, 'authenticateRequest');
    const junk = () => small.requests.raw(hello(), { authorization: 'Bearer a.b.c' });
    const statuses: number[] = [];
    for (let index = 0; index < 6; index += 1) statuses.push((await junk()).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429, 429]);
    expect(authenticate).toHaveBeenCalledTimes(3);
    expect(small.logged.filter((line) => line.includes('too many failed requests'))).toHaveLength(1);
    await small.close();
  });

  test('Valid requests do not count toward the limit, even when they fail later', async () => {
    const small = await openFrontWorld({ limits: { windowMs: 60_000, failures: 3 } });
    small.state.answer = async (turn) => {
      if (turn.activity.text.endsWith('break')) throw new Error('broken');
    };
    const { requests, teams } = small;
    for (let index = 0; index < 10; index += 1) {
      expect((await requests.message(teams.people.ada, 'help')).status).toBe(200);
      expect((await requests.message(teams.people.ada, 'break')).status).toBe(500);
    }
    await small.close();
  });

  test('A forwarded header does not change the counted address', async () => {
    const small = await openFrontWorld({ limits: { windowMs: 60_000, failures: 1 } });
    const send = (from: string) =>
      fetch(small.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
        body: '{',
      });
    expect((await send('10.0.0.1')).status).toBe(400);
    expect((await send('10.0.0.2')).status).toBe(429);
    await small.close();
  });
});

describe('signing keys that cannot be read', () => {
  const openWithout = (config: Partial<TeamsConfig>) =>
    openFrontWorld({ config, timeoutMs: 200, limits: roomy });

  test.each(['hang', 'reset', { status: 500 }] as const)(
    'Teams is asked to retry after the failure %o, and the retry is accepted',
    async (fault) => {
      const other = await openFrontWorld({ timeoutMs: 500, limits: roomy });
      const { requests, teams } = other;
      teams.fault({ path: /^\/keys$/ }, fault);
      const refused = await requests.message(teams.people.ada, 'help');
      expect(refused.status).toBe(503);
      expect(await refused.text()).toBe('');
      expect((await requests.message(teams.people.ada, 'help')).status).toBe(200);
      await other.close();
    },
  );

  test('Every request is rejected without the keys', async () => {
    const other = await openWithout({ openIdMetadataUrl: 'https://localhost:1/' });
    expect((await other.requests.message(other.teams.people.ada, 'help')).status).toBe(503);
    expect(other.turns).toEqual([]);
    await other.close();
  });
});
