import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ChatError } from '../../platform/errors.ts';
import { createStrictAuth } from '../auth/strict-auth.ts';
import type { ConversationReference } from '../conversation-references.ts';
import { type FakeTeams, openFakeTeams } from '../testing/fake-teams.ts';
import { type Connector, createConnector } from './connector.ts';
import { createRateLimiter } from './rate-limiter.ts';

const timeoutMs = 400;
let teams: FakeTeams;
let connector: Connector;
let reference: ConversationReference;

beforeAll(async () => {
  teams = await openFakeTeams();
});
afterAll(() => teams.close());
beforeEach(() => {
  connector = createConnector(
    createStrictAuth(teams.config, { timeoutMs }),
    teams.config,
    createRateLimiter(),
    timeoutMs * 2,
  );
  reference = {
    conversationId: teams.channel,
    serviceUrl: teams.serviceUrl,
    tenantId: teams.config.tenantId ?? '',
    kind: 'channel',
    teamId: teams.team,
  };
});
afterEach(() => {
  teams.clearFaults();
  teams.calls.splice(0);
});

const hello = { type: 'message', text: 'hello' };
const failure = async (work: Promise<unknown>): Promise<ChatError> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ChatError);
  return error as ChatError;
};
const problem = (code: string) => ({ error: { code, message: code } });

describe('a message', () => {
  test('A message is posted to its conversation with the token of the bot', async () => {
    const place = await connector.send({ ...reference, conversationId: 'a:chat' }, hello);
    expect(place).toEqual({ conversationId: 'a:chat', activityId: teams.messages.at(-1)?.id });
    expect(teams.messages.at(-1)).toMatchObject({
      conversationId: 'a:chat',
      threadOf: null,
      activity: hello,
    });
    expect(teams.calls).toHaveLength(1);
    expect(teams.calls[0]?.authorization).toMatch(/^Bearer \S+$/);
  });

  test('A message starts a thread in a channel, gets replies and is edited in place', async () => {
    const place = await connector.newThread(reference, hello);
    expect(place.conversationId).toBe(`${teams.channel};messageid=${place.activityId}`);
    await connector.send(reference, { type: 'message', text: 'more' }, { threadId: place.activityId });
    expect(teams.messages.at(-1)).toMatchObject({
      conversationId: teams.channel,
      threadOf: place.activityId,
    });
    await connector.edit(place, reference, { type: 'message', text: 'changed' });
    expect(teams.messages.find(({ id }) => id === place.activityId)).toMatchObject({
      edits: 1,
      activity: { text: 'changed' },
    });
  });

  test('A message keeps its mentions and its card', async () => {
    const { id, name } = teams.people.ada;
    const card = { type: 'AdaptiveCard', version: '1.5', refresh: { userIds: [id] }, body: [{ type: 'X' }] };
    const mention = { type: 'mention', text: `<at>${name}</at>`, mentioned: { id, name } };
    const activity = {
      type: 'message',
      summary: 'in short',
      text: `<at>${name}</at> look`,
      entities: [mention],
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
    };
    await connector.newThread(reference, activity);
    expect(teams.messages.at(-1)?.activity).toMatchObject(activity);
    await connector.send(reference, activity);
    expect(teams.messages.at(-1)?.activity).toMatchObject(activity);
  });
});

describe('an answer of Teams', () => {
  const cases = [
    ['429 with a time', { status: 429, headers: { 'retry-after': '3' } }, 'retryable', 'retryable', 3000],
    ['429 without a time', { status: 429 }, 'retryable', 'retryable', 2000],
    ['412', { status: 412, body: problem('PreconditionFailed') }, 'retryable', 'retryable', null],
    ['500', { status: 500 }, 'uncertain', 'retryable', null],
    ['502', { status: 502 }, 'uncertain', 'retryable', null],
    ['503', { status: 503 }, 'retryable', 'retryable', null],
    ['504', { status: 504 }, 'uncertain', 'retryable', null],
    ['a dropped connection', 'reset' as const, 'uncertain', 'retryable', null],
    ['no answer', 'hang' as const, 'uncertain', 'retryable', null],
    ['an answer that is lost', 'lose-answer' as const, 'uncertain', null, null],
    ['400', { status: 400, body: problem('BadSyntax') }, 'permanent', 'permanent', null],
    ['401', { status: 401, body: problem('Unauthorized') }, 'retryable', 'retryable', 60_000],
    ['403, from a proxy on the way', { status: 403, body: { no: 'code' } }, 'retryable', 'retryable', 60_000],
    ['403', { status: 403, body: problem('BotNotInConversationRoster') }, 'permanent', 'permanent', null],
    ['404', { status: 404, body: problem('ConversationNotFound') }, 'permanent', 'not_found', null],
    ['413', { status: 413, body: problem('MessageSizeTooBig') }, 'permanent', 'permanent', null],
  ] as const;

  test.each(cases)(
    'A post answered with %s is classified after exactly one request',
    async (_, fault, kind, __, after) => {
      teams.fault({ method: 'POST' }, fault, 1);
      const error = await failure(connector.send(reference, hello));
      expect(error).toMatchObject({ kind, retryAfterMs: after });
      expect(teams.calls).toHaveLength(1);
      expect(inspect(error, { depth: 9 })).not.toMatch(/Bearer (?!REDACTED)/);
    },
  );

  test.each(cases)(
    'A new thread answered with %s is classified after exactly one request',
    async (_, fault, kind) => {
      teams.fault({ method: 'POST' }, fault, 1);
      expect((await failure(connector.newThread(reference, hello))).kind).toBe(kind);
      expect(teams.calls.map(({ path }) => path)).toEqual(['/v3/conversations']);
    },
  );

  test.each(cases.filter(([, , , kind]) => kind !== null))(
    'An edit answered with %s is classified after exactly one request',
    async (_, fault, __, kind, after) => {
      const place = await connector.newThread(reference, hello);
      teams.calls.splice(0);
      teams.fault({ method: 'PUT' }, fault, 1);
      const error = await failure(connector.edit(place, reference, hello));
      expect(error).toMatchObject({ kind, retryAfterMs: after });
      expect(teams.calls.map(({ method }) => method)).toEqual(['PUT']);
    },
  );

  test.each([
    [403, 'BotNotInConversationRoster', 'add the app to that team or chat'],
    [403, 'ConversationBlockedByUser', 'the person has blocked the bot'],
    [403, 'BotDisabledByAdmin', 'an administrator disabled the app'],
    [401, 'BotNotRegistered', 'register the bot in Azure'],
    [404, 'ConversationNotFound', 'check the conversation ID'],
    [413, 'MessageSizeTooBig', 'size limit'],
  ])('The error %i %s names the fix', async (status, code, hint) => {
    teams.fault({}, { status, body: problem(code) });
    const { message } = await failure(connector.send(reference, hello));
    expect(message).toContain(hint);
    expect(message).toContain(code);
    expect(message).toContain(`teams:${teams.channel}`);
  });

  test('A reply answered with 404 fails with not_found', async () => {
    teams.fault({}, { status: 404, body: problem('ConversationNotFound') });
    expect((await failure(connector.send(reference, hello, { threadId: '1' }))).kind).toBe('not_found');
  });

  test('A date in Retry-After is converted to a delay', async () => {
    const at = new Date(Date.now() + 30_000).toUTCString();
    teams.fault({}, { status: 429, headers: { 'retry-after': at } });
    const { retryAfterMs } = await failure(connector.send(reference, hello));
    expect(retryAfterMs).toBeGreaterThan(20_000);
    expect(retryAfterMs).toBeLessThanOrEqual(30_000);
  });

  test('A refused connection is retryable', async () => {
    const { serviceHosts: _, ...config } = teams.config;
    const away = { ...config, serviceHosts: ['localhost:9'] };
    const alone = createConnector(
      createStrictAuth(away, { timeoutMs }),
      away,
      createRateLimiter(),
      timeoutMs,
    );
    const error = await failure(
      alone.send({ ...reference, serviceUrl: 'https://localhost:9/teams/' }, hello),
    );
    expect(error.kind).toBe('retryable');
    expect(error.message).toContain('cannot be reached');
  });
});

describe('a conversation', () => {
  test('A conversation keeps its order although one request fails, and others continue', async () => {
    teams.fault({ method: 'POST', path: /19:deploys/ }, 'hang', 1);
    const elsewhere = { ...reference, conversationId: 'a:chat', kind: 'personal' } as const;
    const done: string[] = [];
    const say = async (where: ConversationReference, text: string) => {
      await connector.send(where, { type: 'message', text }).catch(() => undefined);
      done.push(text);
    };
    await Promise.all([
      say(reference, 'hangs'),
      say(reference, 'second'),
      say(reference, 'third'),
      say(elsewhere, 'free'),
      say(elsewhere, 'also free'),
    ]);
    expect(done).toEqual(['free', 'also free', 'hangs', 'second', 'third']);
  });

  test('A throttled conversation pauses all its requests', async () => {
    teams.fault({}, { status: 429, headers: { 'retry-after': '1' } });
    const first = connector.send(reference, hello);
    const second = connector.send(reference, hello);
    await failure(first);
    await second;
    const [refused, taken] = teams.calls;
    expect(teams.calls).toHaveLength(2);
    expect((taken?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });
});

describe('the token', () => {
  test.each([
    'https://evil.example.com/teams/',
    'http://localhost/teams/',
    'https://user@HOST/teams/',
    'https://localhost/teams/',
    'https://HOST.evil.example.com/',
    'not an address',
  ])('does not go to %s, which only a reference names', async (address) => {
    const before = teams.tokensIssued();
    const serviceUrl = address.replace('HOST', teams.host);
    const error = await failure(connector.send({ ...reference, serviceUrl }, hello));
    expect(error.kind).toBe('permanent');
    expect(error.message).toContain('TEAMS_ALLOWED_SERVICE_HOSTS');
    await failure(connector.newThread({ ...reference, serviceUrl }, hello));
    await failure(connector.members({ ...reference, serviceUrl }));
    expect(teams.calls).toEqual([]);
    expect(teams.tokensIssued()).toBe(before);
  });

  test('A token request without an answer times out', async () => {
    const auth = {
      createConnectorFactory: () => ({ create: () => new Promise<never>(() => undefined) }),
      getOriginatingAudience: () => '',
    };
    const stuck = createConnector(auth, teams.config, createRateLimiter(), 50);
    const both = [failure(stuck.send(reference, hello)), failure(stuck.send(reference, hello))];
    expect((await Promise.all(both)).map(({ kind }) => kind)).toEqual(['uncertain', 'uncertain']);
  });
});

describe('the members of a conversation', () => {
  test('Members are read page by page', async () => {
    const members = await connector.members(reference);
    expect(members.map(({ email }) => email)).toEqual(
      expect.arrayContaining(['ada@example.com', 'grace@example.com', 'linus@example.com']),
    );
    expect(members).toHaveLength(Object.keys(teams.people).length);
    expect(teams.calls.length).toBeGreaterThan(1);
  });

  test('Members have their work email', async () => {
    const { ada } = teams.people;
    expect(await connector.member(reference, ada.id)).toMatchObject({
      email: ada.email,
      userRole: 'user',
      aadObjectId: ada.aadObjectId,
    });
  });
});
