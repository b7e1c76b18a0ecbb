import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { openTeamsWorld, type TeamsWorld, type WorldOptions } from './testing/teams-world.ts';

const worlds: TeamsWorld[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

const open = async (options?: WorldOptions): Promise<TeamsWorld> => {
  const world = await openTeamsWorld(options);
  worlds.push(world);
  return world;
};

const said = ({ teams }: TeamsWorld): string => JSON.stringify(teams.messages);
const answered = (world: TeamsWorld) => expect.poll(() => world.teams.messages.length, { timeout: 5000 });
const quiet = () => pause(300);

describe('words', () => {
  test.each([
    ['a channel', { kind: 'channel' }],
    ['a group chat', { kind: 'groupChat' }],
    ['a personal chat', { kind: 'personal' }],
  ] as const)('typed in %s become an invocation, and are answered there', async (_, where) => {
    const world = await open();
    const { requests, teams, invocations } = world;
    expect((await requests.message(teams.people.ada, 'Deploy web  production', where)).status).toBe(200);
    expect(invocations).toMatchObject([
      {
        command: 'deploy',
        args: 'web production',
        actor: { id: 'ada@example.com', name: 'Ada Lovelace' },
        conversation: expect.stringMatching(/^teams:[^;]+$/),
      },
    ]);
    await answered(world).toBe(1);
    expect(said(world)).toContain('Deploying web to production');
  });

  test('typed in a thread of a channel belong to the channel and are answered in the thread', async () => {
    const world = await open();
    const { requests, teams, invocations } = world;
    const where = { kind: 'channel', threadId: '1700000000001' } as const;
    await requests.message(teams.people.ada, 'status', where);
    expect(invocations[0]?.conversation).toBe(`teams:${teams.channel}`);
    await answered(world).toBe(1);
    expect(teams.messages[0]).toMatchObject({ conversationId: teams.channel, threadOf: '1700000000001' });
  });

  test.each([
    ['with entities and another case', '&nbsp;/DEPLOY&nbsp;web &amp; co', 'deploy', 'web & co'],
    ['with nothing but the mention', '', 'help', ''],
    ['as HTML', '<div><p>deny 3f2a91 too late</p></div>', 'deny', '3f2a91 too late'],
  ])('are understood %s', async (_, text, command, args) => {
    const { requests, teams, invocations } = await open();
    await requests.message(teams.people.ada, text);
    expect(invocations).toMatchObject([{ command, args }]);
  });

  test('are understood although the message names no recipient', async () => {
    const { requests, teams, invocations } = await open();
    await requests.message(teams.people.ada, 'status web', { kind: 'channel' }, { recipient: undefined });
    expect(invocations).toMatchObject([{ command: 'status', args: 'web' }]);
  });

  test('that are delivered twice are carried out once and answered once', async () => {
    const world = await open();
    const { requests, teams, invocations } = world;
    const message = requests.messageActivity(teams.people.ada, 'deploy web');
    await Promise.all([requests.raw(message), requests.raw(message)]);
    await answered(world).toBe(1);
    await quiet();
    expect([invocations.length, teams.messages.length]).toEqual([1, 1]);
  });

  test('that take long are acknowledged, and answered when the answer is there', async () => {
    const slow = Promise.withResolvers<void>();
    const world = await open({
      replyTimeoutMs: 200,
      dispatch: async () => {
        await slow.promise;
        return { card: { ...agreedCard, summary: 'at last' }, outcome: 'accepted', visibility: 'ephemeral' };
      },
    });
    const { requests, teams } = world;
    expect((await requests.message(teams.people.ada, 'deploy web')).status).toBe(200);
    expect(teams.messages).toHaveLength(0);
    slow.resolve();
    await answered(world).toBe(1);
    expect(said(world)).toContain('at last');
  });

  test('are answered when Teams takes the answer, which it did not at once', async () => {
    const world = await open();
    const { requests, teams } = world;
    teams.fault({ method: 'POST', path: /activities/ }, { status: 429, headers: { 'retry-after': '1' } });
    await requests.message(teams.people.ada, 'status');
    await answered(world).toBe(1);
    expect(
      teams.calls.filter(({ method, path }) => method === 'POST' && /activities/.test(path)),
    ).toHaveLength(2);
  });

  test('are carried out and acknowledged while the store is away', async () => {
    const away = () => Promise.reject(new Error('the store is away'));
    const memory = { get: away, set: away, delete: away };
    const { requests, teams, platform } = await open({ memory });
    expect((await requests.message(teams.people.ada, 'status')).status).toBe(200);
    await platform.stop();
  });

  test('of other kinds than messages start nothing', async () => {
    const { requests, teams, invocations } = await open();
    for (const type of ['messageReaction', 'messageUpdate', 'typing', 'event'])
      expect(
        (await requests.raw({ ...requests.messageActivity(teams.people.ada, 'deploy web'), type })).status,
      ).toBe(200);
    expect(invocations).toHaveLength(0);
  });
});

const agreedCard = {
  kind: 'notice',
  title: 'Deployment',
  tone: 'good',
  summary: '',
  fields: [],
  sections: [],
  buttons: [],
  footer: null,
} as const;

describe('people', () => {
  test.each([
    ['guest', /Guests cannot deploy/],
    ['nomail', /does not tell your work e-mail/],
  ] as const)('a %s is refused in words', async (name, words) => {
    const world = await open();
    const { requests, teams, invocations } = world;
    await requests.message(teams.people[name], 'deploy web');
    await answered(world).toBe(1);
    expect(said(world)).toMatch(words);
    expect(invocations).toHaveLength(0);
  });

  test('somebody in whose name a bot speaks is refused', async () => {
    const world = await open();
    const { requests, teams, invocations } = world;
    const forged = requests.messageActivity({ ...teams.people.ada, id: '28:another-bot' }, 'approve 3f2a91');
    await requests.raw(forged);
    await answered(world).toBe(1);
    expect(invocations).toHaveLength(0);
  });

  test('whose object id is another than the roster says are refused', async () => {
    const world = await open();
    const { requests, teams, invocations } = world;
    const { ada, grace } = teams.people;
    await requests.message({ ...ada, aadObjectId: grace.aadObjectId }, 'approve 3f2a91');
    await answered(world).toBe(1);
    expect(said(world)).toContain('not certain who you are');
    expect(invocations).toHaveLength(0);
  });

  test('are looked up once for many words', async () => {
    const world = await open();
    const { requests, teams } = world;
    for (let index = 0; index < 3; index += 1) await requests.message(teams.people.ada, 'status');
    const lookUps = teams.calls.filter(({ method, path }) => method === 'GET' && path.includes('/members/'));
    expect(lookUps).toHaveLength(1);
  });

  test('are told to try again when Teams does not say who they are', async () => {
    const world = await open({ lookupTimeoutMs: 200 });
    const { requests, teams, invocations } = world;
    teams.fault({ method: 'GET', path: /members/ }, 'hang');
    await requests.message(teams.people.ada, 'deploy web');
    await answered(world).toBe(1);
    expect(said(world)).toContain('try again in a moment');
    expect(invocations).toHaveLength(0);
  });
});

describe('the app', () => {
  test.each([
    ['a team', 'channel', 'Mention me'],
    ['a group chat', 'groupChat', 'Mention me'],
    ['a personal chat', 'personal', 'Type what you want'],
  ] as const)('says once what can be typed, where it was added: in %s', async (_, kind, how) => {
    const world = await open();
    await world.requests.install({ kind }, 'add');
    await answered(world).toBe(1);
    expect(said(world)).toContain(how);
    expect(said(world)).toContain('deploy web');
    await quiet();
    expect(world.teams.messages).toHaveLength(1);
  });

  test('forgets a team that it was taken out of', async () => {
    const world = await open();
    const { requests, teams, memory } = world;
    await requests.message(teams.people.ada, 'status');
    const known = () => [...memory.held.keys()].filter((key) => key.startsWith('reference '));
    expect(known()).toHaveLength(1);
    await requests.install({ kind: 'channel' }, 'remove');
    expect(known()).toEqual([]);
  });

  test('posts a card into a channel as a new thread, edits it there, and adds details as replies', async () => {
    const { platform, teams } = await open();
    const key = { workflowId: 'total-build-1', part: 'card', deliveryUncertain: false };
    const ref = await platform.post(`teams:${teams.channel}`, { ...agreedCard, summary: 'begun' }, key);
    await platform.edit(ref, { ...agreedCard, summary: 'done' });
    await platform.reply(ref, { text: 'The plan is ready.' }, key);
    const [card, reply] = teams.messages;
    expect(card).toMatchObject({
      threadOf: null,
      edits: 1,
      activity: { summary: expect.stringContaining('done') },
    });
    expect(reply).toMatchObject({ threadOf: card?.id });
  });

  test('is ready when Microsoft answers, and says what is wrong when not', async () => {
    const { platform } = await open();
    expect(await platform.unreadyReason()).toContain('not answered yet');
    await platform.start();
    expect(await platform.unreadyReason()).toBeNull();
  });

  test('does not start with a secret that is refused, and says which variable to mend', async () => {
    const { platform } = await open({ config: { password: 'wrong' } });
    await expect(platform.start()).rejects.toThrow(/MicrosoftAppPassword/);
  });

  test('starts while Microsoft is away, and connects when it is back', async () => {
    const { platform, teams } = await open({ away: true, firstRetryMs: 50, timeoutMs: 500 });
    await platform.start();
    expect(await platform.unreadyReason()).not.toBeNull();
    teams.clearFaults();
    await expect.poll(() => platform.unreadyReason(), { timeout: 10_000 }).toBeNull();
  });

  test('takes nothing new once it stops, and finishes what it began', async () => {
    const world = await open();
    const { platform, requests, teams } = world;
    await requests.message(teams.people.ada, 'deploy web');
    await platform.stop();
    expect(teams.messages).toHaveLength(1);
    expect((await requests.message(teams.people.ada, 'deploy web')).status).toBe(503);
  });
});
