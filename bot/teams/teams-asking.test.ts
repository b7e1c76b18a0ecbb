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

describe('a typed command', () => {
  test.each([
    ['a channel', { kind: 'channel' }],
    ['a group chat', { kind: 'groupChat' }],
    ['a personal chat', { kind: 'personal' }],
  ] as const)('A command typed in %s is dispatched and answered there', async (_, where) => {
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

  test('A command typed in a thread belongs to the channel and is answered in the thread', async () => {
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
    ['with the mention only', '', 'help', ''],
    ['as HTML', '<div><p>deny 3f2a91 too late</p></div>', 'deny', '3f2a91 too late'],
  ])('A command is understood %s', async (_, text, command, args) => {
    const { requests, teams, invocations } = await open();
    await requests.message(teams.people.ada, text);
    expect(invocations).toMatchObject([{ command, args }]);
  });

  test('A command is understood although the message names no recipient', async () => {
    const { requests, teams, invocations } = await open();
    await requests.message(teams.people.ada, 'status web', { kind: 'channel' }, { recipient: undefined });
    expect(invocations).toMatchObject([{ command: 'status', args: 'web' }]);
  });

  test('A command that is delivered twice runs once and is answered once', async () => {
    const world = await open();
    const { requests, teams, invocations } = world;
    const message = requests.messageActivity(teams.people.ada, 'deploy web');
    await Promise.all([requests.raw(message), requests.raw(message)]);
    await answered(world).toBe(1);
    // Replies in a conversation keep their order: a second one would come before this.
    await requests.message(teams.people.ada, 'status');
    await answered(world).toBe(2);
    expect(invocations.map(({ command }) => command)).toEqual(['deploy', 'status']);
  });

  test('A slow command is acknowledged in time, and its result is posted later', async () => {
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
    await answered(world).toBe(1);
    expect(said(world)).not.toContain('at last');
    slow.resolve();
    await answered(world).toBe(2);
    expect(said(world)).toContain('at last');
  });

  test('A reply that Teams throttles is posted again', async () => {
    const world = await open();
    const { requests, teams } = world;
    teams.fault({ method: 'POST', path: /activities/ }, { status: 429, headers: { 'retry-after': '1' } });
    await requests.message(teams.people.ada, 'status');
    await answered(world).toBe(1);
    expect(
      teams.calls.filter(({ method, path }) => method === 'POST' && /activities/.test(path)),
    ).toHaveLength(2);
  });

  test('A command runs and is acknowledged while the store is unavailable', async () => {
    const away = () => Promise.reject(new Error('the store is away'));
    const store = { get: away, set: away, delete: away };
    const { requests, teams, platform } = await open({ store });
    expect((await requests.message(teams.people.ada, 'status')).status).toBe(200);
    await platform.stop();
  });

  test('Activities of other types run no command', async () => {
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

describe('a sender', () => {
  test.each([
    ['guest', /Guests can't deploy/],
    ['nomail', /didn't provide your work email/],
  ] as const)('A sender who is a %s is refused with the reason', async (name, words) => {
    const world = await open();
    const { requests, teams, invocations } = world;
    await requests.message(teams.people[name], 'deploy web');
    await answered(world).toBe(1);
    expect(said(world)).toMatch(words);
    expect(invocations).toHaveLength(0);
  });

  test('A bot with the object ID of a person is refused', async () => {
    const world = await open();
    const { requests, teams, invocations } = world;
    const forged = requests.messageActivity({ ...teams.people.ada, id: '28:another-bot' }, 'approve 3f2a91');
    await requests.raw(forged);
    await answered(world).toBe(1);
    expect(invocations).toHaveLength(0);
  });

  test('A sender with another object ID than in the roster is refused', async () => {
    const world = await open();
    const { requests, teams, invocations } = world;
    const { ada, grace } = teams.people;
    await requests.message({ ...ada, aadObjectId: grace.aadObjectId }, 'approve 3f2a91');
    await answered(world).toBe(1);
    expect(said(world)).toContain("your identity can't be verified");
    expect(invocations).toHaveLength(0);
  });

  test('A sender is looked up once for several commands', async () => {
    const world = await open();
    const { requests, teams } = world;
    for (let index = 0; index < 3; index += 1) await requests.message(teams.people.ada, 'status');
    const lookUps = teams.calls.filter(({ method, path }) => method === 'GET' && path.includes('/members/'));
    expect(lookUps).toHaveLength(1);
  });

  test('A sender whose look-up fails is asked to try again', async () => {
    const world = await open({ lookupTimeoutMs: 200 });
    const { requests, teams, invocations } = world;
    teams.fault({ method: 'GET', path: /members/ }, 'hang');
    await requests.message(teams.people.ada, 'deploy web');
    await answered(world).toBe(1);
    expect(said(world)).toContain('Try again shortly');
    expect(invocations).toHaveLength(0);
  });
});

describe('the app', () => {
  test.each([
    ['a team', 'channel', 'Mention me'],
    ['a group chat', 'groupChat', 'Mention me'],
    ['a personal chat', 'personal', 'Send me a command'],
  ] as const)('The app posts one welcome card after its installation in %s', async (_, kind, how) => {
    const world = await open();
    await world.requests.install({ kind }, 'add');
    await answered(world).toBe(1);
    expect(said(world)).toContain(how);
    expect(said(world)).toContain('deploy web');
    // Messages in a conversation keep their order: a second welcome would come before this.
    await world.requests.message(world.teams.people.ada, 'status', { kind });
    await answered(world).toBe(2);
    const welcomes = world.teams.messages.filter(({ activity }) =>
      JSON.stringify(activity).includes('Deploy from this conversation'),
    );
    expect(welcomes).toHaveLength(1);
  });

  test('The app deletes the reference of a team that removed it', async () => {
    const world = await open();
    const { requests, teams, store } = world;
    await requests.message(teams.people.ada, 'status');
    const known = () => [...store.held.keys()].filter((key) => key.startsWith('reference '));
    expect(known()).toHaveLength(1);
    await requests.install({ kind: 'channel' }, 'remove');
    expect(known()).toEqual([]);
  });

  test('A card starts a thread in a channel, is edited there, and its details are replies', async () => {
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

  test('The app is ready when Microsoft answers, and names the problem before', async () => {
    const { platform } = await open();
    expect(await platform.unreadyReason()).toContain('not answered yet');
    await platform.start();
    expect(await platform.unreadyReason()).toBeNull();
  });

  test('A start with a rejected secret fails and names the variable', async () => {
    const { platform } = await open({ config: { password: 'wrong' } });
    await expect(platform.start()).rejects.toThrow(/MicrosoftAppPassword/);
  });

  test('The app starts while Microsoft is unavailable and connects later', async () => {
    const { platform, teams } = await open({ away: true, firstRetryMs: 50, timeoutMs: 500 });
    await platform.start();
    expect(await platform.unreadyReason()).not.toBeNull();
    teams.clearFaults();
    await expect.poll(() => platform.unreadyReason(), { timeout: 10_000 }).toBeNull();
  });

  test('A stopping app finishes its replies and rejects new commands', async () => {
    const world = await open();
    const { platform, requests, teams } = world;
    await requests.message(teams.people.ada, 'deploy web');
    await platform.stop();
    expect(teams.messages).toHaveLength(1);
    expect((await requests.message(teams.people.ada, 'deploy web')).status).toBe(503);
  });
});
