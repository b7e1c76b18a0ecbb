import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createLogger } from '../../../runtime/logger.ts';
import type { Card } from '../../cards/card.ts';
import { ChatError } from '../../platform/errors.ts';
import type { PostKey } from '../../platform/platform.ts';
import { createStrictAuth } from '../auth/strict-auth.ts';
import { toMessageRef } from '../conversation.ts';
import { type ConversationReferences, createConversationReferences } from '../conversation-references.ts';
import { createFindMembers } from '../members.ts';
import { type FakeTeams, openFakeTeams } from '../testing/fake-teams.ts';
import { type Connector, createConnector } from './connector.ts';
import { createCardPosting } from './post-card.ts';
import { createThreadPosting } from './post-to-thread.ts';
import { createRateLimiter } from './rate-limiter.ts';

const logger = createLogger('test', 'silent');
const key: PostKey = { workflowId: 'total-build-1', part: 'card', deliveryUncertain: false };
const publicUrl = 'https://quarterdeck.example.com';

let teams: FakeTeams;
let connector: Connector;
let held: Map<string, unknown>;
let references: ConversationReferences;
let platform: ReturnType<typeof createCardPosting> & ReturnType<typeof createThreadPosting>;

const open = () => {
  const store = {
    get: async (name: string) => held.get(name) ?? null,
    set: async (name: string, value: unknown) => void held.set(name, value),
    delete: async (name: string) => void held.delete(name),
  };
  connector = createConnector(createStrictAuth(teams.config), teams.config, createRateLimiter());
  references = createConversationReferences(store, teams.config);
  const findMembers = createFindMembers({ roster: connector.members, logger });
  const deps = { connector, references, findMembers, logger };
  platform = { ...createCardPosting(deps), ...createThreadPosting(deps, publicUrl) };
};

beforeAll(async () => {
  teams = await openFakeTeams();
});
afterAll(() => teams.close());
beforeEach(() => {
  held = new Map();
  open();
});
afterEach(() => {
  teams.clearFaults();
  teams.calls.splice(0);
});

const card: Card = {
  kind: 'run',
  run: { workflowId: 'total-build-1', status: 'awaiting_approval', isOpen: true },
  title: 'Deploy web to production',
  tone: 'warning',
  summary: 'Deploying web to production waits for approval',
  fields: [{ label: 'Branch', value: 'main' }],
  sections: [{ type: 'text', text: 'Some text' }],
  buttons: [
    {
      kind: 'command',
      action: 'control',
      label: 'Cancel',
      tone: 'neutral',
      command: 'cancel',
      args: 'total-build-1',
    },
    { kind: 'link', label: 'Details', url: `${publicUrl}/runs/total-build-1` },
  ],
  footer: 'Run 1',
};
const waiting: Card = {
  ...card,
  buttons: [
    {
      kind: 'command',
      action: 'decide',
      label: 'Approve',
      tone: 'good',
      command: 'approve',
      args: 'total-build-1',
      digest: 'abc',
      who: ['grace@example.com'],
    },
    ...card.buttons,
  ],
};

const channel = () => `teams:${teams.channel}`;
const last = () => teams.messages.at(-1);
const drawn = (message = last()) => JSON.stringify(message?.activity);
const contentOf = (message = last()) => message?.activity.attachments[0].content;
const failure = async (work: Promise<unknown>): Promise<ChatError> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ChatError);
  return error as ChatError;
};

describe('a card', () => {
  test('A card starts a thread in a channel, is edited in place and gets replies', async () => {
    const before = teams.messages.length;
    const ref = await platform.post(channel(), card, key);
    const root = last();
    expect(root).toMatchObject({ conversationId: teams.channel, threadOf: null });
    expect(ref).toBe(`${teams.channel};messageid=${root?.id} ${root?.id}`);
    await platform.edit(ref, { ...card, summary: 'It is done' });
    await platform.reply(ref, { text: 'The plan is ready' }, { ...key, part: '1-planned' });
    expect(teams.messages).toHaveLength(before + 2);
    expect(teams.messages.at(-2)).toMatchObject({ id: root?.id, edits: 1 });
    expect(drawn(teams.messages.at(-2))).toContain('It is done');
    expect(last()).toMatchObject({ conversationId: teams.channel, threadOf: root?.id });
    expect(drawn()).toContain('The plan is ready');
  });

  test.each(['a:1chat', '19:group@thread.v2'])('A card and its replies are messages in %s', async (id) => {
    const ref = await platform.post(`teams:${id}`, card, key);
    expect(ref).toBe(`${id} ${last()?.id}`);
    await platform.edit(ref, card);
    await platform.reply(ref, { text: 'The plan is ready' }, key);
    expect(last()).toMatchObject({ conversationId: id, threadOf: null });
  });

  test('A card is sent to the latest service URL, even after a restart', async () => {
    await references.remember({
      serviceUrl: teams.serviceUrl.replace('/teams/', '/teams//'),
      conversation: { id: teams.channel, conversationType: 'channel' },
      channelData: { team: { id: teams.team } },
    });
    await references.remember({
      serviceUrl: teams.serviceUrl,
      conversation: { id: teams.channel, conversationType: 'channel' },
    });
    open();
    await platform.post(channel(), card, key);
    expect(last()?.conversationId).toBe(teams.channel);
  });

  test('A card is not sent when the stored reference names a forbidden host', async () => {
    await references.remember({
      serviceUrl: 'https://evil.example.com/teams/',
      conversation: { id: teams.channel, conversationType: 'channel' },
    });
    open();
    expect((await failure(platform.post(channel(), card, key))).kind).toBe('permanent');
    expect((await failure(platform.reply(`${teams.channel} 1`, { text: 'x' }, key))).kind).toBe('permanent');
    expect(teams.calls).toEqual([]);
  });

  test('A card to a conversation of another chat is rejected', async () => {
    expect((await failure(platform.post('teams:the deploys channel', card, key))).kind).toBe('permanent');
    expect(teams.calls).toEqual([]);
  });

  test('A card whose answer was lost is uncertain after one request', async () => {
    teams.fault({ method: 'POST' }, 'lose-answer');
    expect((await failure(platform.post(channel(), card, key))).kind).toBe('uncertain');
    expect(teams.calls.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test('An edit of a deleted card and a reply to it fail with not_found', async () => {
    const ref = toMessageRef({ conversationId: `${teams.channel};messageid=1`, activityId: '1' });
    expect((await failure(platform.edit(ref, card))).kind).toBe('not_found');
    teams.fault({ method: 'POST' }, { status: 404, body: { error: { code: 'ConversationNotFound' } } });
    expect((await failure(platform.reply(ref, { text: 'x' }, key))).kind).toBe('not_found');
  });

  test.each([
    [413, 'MessageSizeTooBig'],
    [400, 'BadSyntax'],
  ])('that Teams answers with %i is drawn smaller, at last without ornament', async (status, code) => {
    teams.fault({ method: 'POST' }, { status, body: { error: { code } } }, 2);
    await platform.post(channel(), card, key);
    expect(drawn()).not.toContain('Some text');
    expect(drawn()).toContain(card.summary);
    expect(drawn()).toContain('Cancel');
    teams.fault({ method: 'POST' }, { status, body: { error: { code } } }, 3);
    expect((await failure(platform.post(channel(), card, key))).kind).toBe('permanent');
  });
});

describe('the people of a conversation', () => {
  test('Approvers have a personal view with their buttons', async () => {
    await platform.post(channel(), waiting, key);
    expect(contentOf().refresh.userIds).toEqual([teams.people.grace.id]);
    const shown = contentOf().actions ?? [];
    expect(JSON.stringify(shown)).not.toContain('Approve');
  });

  test('Everyone sees the buttons when the approvers cannot be found', async () => {
    teams.fault({ path: /pagedmembers/ }, { status: 403, body: { error: { code: 'Forbidden' } } });
    await platform.post(channel(), waiting, key);
    expect(drawn()).toContain('Approve');
  });

  test('Members are not read for a card without decisions', async () => {
    await platform.post(channel(), card, key);
    expect(contentOf().refresh?.userIds ?? []).toEqual([]);
    expect(teams.calls.some(({ path }) => path.includes('members'))).toBe(false);
  });

  test('People are mentioned when Teams knows them', async () => {
    const ref = await platform.post(channel(), card, key);
    await platform.reply(
      ref,
      { text: 'This waits for approval.', mentions: ['ada@example.com', 'unknown@example.com'] },
      key,
    );
    const mentioned = (last()?.activity.entities ?? []).map(
      (entity: { mentioned: { id: string } }) => entity.mentioned.id,
    );
    expect(mentioned).toEqual([teams.people.ada.id]);
  });
});

describe('a file', () => {
  const file = (content: string) => ({ name: 'plan.txt', title: 'Plan', content: Buffer.from(content) });

  test('A file is shown by its first lines with a link to the full text', async () => {
    const ref = await platform.post(channel(), card, key);
    const lines = Array.from({ length: 3000 }, (_, index) => `+ resource number ${index} ${'x'.repeat(90)}`);
    await platform.reply(ref, { text: 'The plan is ready', file: file(lines.join('\n')) }, key);
    expect(drawn()).toContain('resource number 0 ');
    expect(drawn()).toContain('resource number 39 ');
    expect(drawn()).not.toContain('resource number 40 ');
    expect(drawn()).toContain(`${publicUrl}/runs/total-build-1`);
    expect(drawn().length * 2).toBeLessThanOrEqual(28 * 1024);
  });

  test('A short file is shown completely', async () => {
    const ref = await platform.post(channel(), card, key);
    await platform.reply(ref, { text: 'The plan is ready', file: file('+ one\n- two\n') }, key);
    expect(drawn()).toContain('+ one');
    expect(drawn()).not.toContain('First ');
  });

  test('A file is described without a link when the console has no address', async () => {
    const alone = createThreadPosting({ connector, references, findMembers: async () => [] }, null);
    const content = Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n');
    await alone.reply(`a:1chat 1`, { text: 'The plan is ready', file: file(content) }, key);
    expect(drawn()).toContain('in the console');
  });
});
