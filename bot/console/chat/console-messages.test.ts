import { describe, expect, it } from 'vitest';
import { infoCard } from '../../cards/notice-cards.ts';
import { runCard } from '../../cards/run-card.ts';
import { ada, sampleView } from '../../cards/testing/sample-parts.ts';
import type { CommandRequest, Reply } from '../../platform/platform.ts';
import type { LiveRun } from '../../runs/types.ts';
import { createRunCache } from '../run-cache.ts';
import { createFakeRuns } from '../testing/fake-runs.ts';
import { createConsoleChat, splitCommand } from './console-chat.ts';
import { createConsoleMessages } from './console-messages.ts';
import { createConversations } from './conversations.ts';

const to = 'console:main';

const setUp = () => {
  const runs = createFakeRuns();
  const conversations = createConversations();
  const runCache = createRunCache(runs);
  return { runs, conversations, runCache, chat: createConsoleMessages(conversations, runCache, runs) };
};

const run: LiveRun = { view: sampleView(1, { conversation: to }), live: {}, externalEnd: null };
const key = { workflowId: run.view.workflowId, part: 'card', deliveryUncertain: false };
const card = runCard(run, { publicUrl: null });

describe('messages of the console', () => {
  it('a card that is posted twice appears once, with the same reference', async () => {
    const { chat, conversations } = setUp();
    const first = await chat.post(to, card, key);
    const second = await chat.post(to, card, { ...key, deliveryUncertain: true });
    expect(second).toBe(first);
    expect(conversations.list(to, null)).toHaveLength(1);
  });

  it('an edit after a restart restores the card', async () => {
    const ref = await setUp().chat.post(to, card, key);
    const { chat, conversations } = setUp();
    await chat.edit(ref, card);
    expect(conversations.list(to, null)).toMatchObject([{ kind: 'run', workflowId: key.workflowId }]);
  });

  it('a thread post is added once', async () => {
    const { chat, conversations } = setUp();
    const ref = await chat.post(to, card, key);
    await chat.reply(ref, { text: 'The plan is ready.' }, { ...key, part: '1-planned' });
    await chat.reply(
      ref,
      { text: 'The plan is ready.' },
      { ...key, part: '1-planned', deliveryUncertain: true },
    );
    expect(conversations.list(to, null)[0]).toMatchObject({ thread: [{ part: '1-planned' }] });
  });

  it('a reference of another chat is not found', async () => {
    const { chat } = setUp();
    await expect(chat.edit('C1/1700000000.1', card)).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('the cards of console conversations are restored at startup in order, and no others', async () => {
    const { chat, conversations, runs } = setUp();
    const at = (index: number, conversation: string | null, askedAt: number) =>
      runs.put({ ...run, view: sampleView(index, { conversation, askedAt }) });
    at(2, to, 2000);
    at(1, to, 1000);
    at(3, 'slack:C1', 3000);
    at(4, null, 4000);
    await chat.restore();
    expect(conversations.list(to, null).map((entry) => entry.kind === 'run' && entry.workflowId)).toEqual([
      sampleView(1).workflowId,
      sampleView(2).workflowId,
    ]);
    expect(conversations.names()).toEqual([to]);
  });

  it('a conversation keeps its newest 200 messages', () => {
    const { conversations } = setUp();
    for (let at = 0; at < 250; at += 1)
      conversations.add(to, `note ${at}`, { kind: 'note', card: infoCard('A note', String(at)) }, { at });
    const kept = conversations.list(to, null);
    expect(kept).toHaveLength(200);
    expect(kept[0]?.at).toBe(50);
  });
});

describe('commands in the console', () => {
  const request = { nonce: 'n-1', command: 'status', args: '', actor: ada, conversation: to };

  it('typed text is split at the first space, without its slash', () => {
    expect(splitCommand('  /deploy  web   production ')).toEqual({
      command: 'deploy',
      args: 'web   production',
    });
    expect(splitCommand('help')).toEqual({ command: 'help', args: '' });
  });

  it('a command that is sent twice is added and answered once', async () => {
    const { conversations } = setUp();
    let asked = 0;
    const consoleChat = createConsoleChat(async () => {
      asked += 1;
      return { card: infoCard('Status', 'Nothing is running.'), outcome: 'listing', visibility: 'ephemeral' };
    }, conversations);
    await Promise.all([consoleChat.submitText(request, 'status'), consoleChat.submitText(request, 'status')]);
    await consoleChat.submitText(request, 'status');
    expect(asked).toBe(1);
    expect(conversations.list(to, ada.id).map(({ kind }) => kind)).toEqual(['command', 'note']);
  });

  it('a refused command can be sent again with the same key', async () => {
    const { conversations } = setUp();
    const keys: string[] = [];
    const consoleChat = createConsoleChat(async (call) => {
      keys.push(call.idempotencyKey);
      return {
        card: infoCard('Away', 'Temporal is away.', 'bad'),
        outcome: 'refused',
        visibility: 'ephemeral',
      };
    }, conversations);
    await consoleChat.submitAction(request);
    await consoleChat.submitAction(request);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  it.each([
    ['deploy', 'web'],
    ['rollback', 'web'],
    ['provision', 'network'],
  ])('%s is answered by the card of its run, also when the card is late', async (command, args) => {
    const begin = { ...request, command, args };
    const started = {
      card: infoCard('Started', 'Quarterdeck posts its card here.', 'progress'),
      outcome: 'started',
      visibility: 'ephemeral',
      workflowId: key.workflowId,
    } as const;
    const early = setUp();
    await createConsoleChat(async () => {
      await early.chat.post(to, card, key);
      return started;
    }, early.conversations).submitText(begin, `${command} ${args}`);
    expect(early.conversations.list(to, ada.id).map(({ kind }) => kind)).toEqual(['command', 'run']);

    const late = setUp();
    await createConsoleChat(async () => started, late.conversations).submitText(begin, `${command} ${args}`);
    const [, note] = late.conversations.list(to, ada.id);
    expect(note).toMatchObject({ kind: 'note', onlyFor: ada.id });
    await late.chat.post(to, card, key);
    const [, shown, ...more] = late.conversations.list(to, 'grace@example.com');
    expect(shown).toMatchObject({ kind: 'run', id: note?.id, onlyFor: null });
    expect(more).toEqual([]);
  });

  it('an unconfirmed command can be sent again with the same key', async () => {
    const { conversations } = setUp();
    const replies: readonly Reply[] = [
      {
        card: infoCard('Not confirmed yet', 'No answer yet.', 'warning'),
        outcome: 'unconfirmed',
        visibility: 'ephemeral',
      },
      { card: infoCard('Approved', 'One of one.', 'good'), outcome: 'accepted', visibility: 'ephemeral' },
    ];
    const keys: string[] = [];
    const consoleChat = createConsoleChat(async (call) => {
      keys.push(call.idempotencyKey);
      const reply = replies[keys.length - 1];
      if (reply === undefined) throw new Error('asked too often');
      return reply;
    }, conversations);
    for (const title of ['Not confirmed yet', 'Approved', 'Approved'])
      expect((await consoleChat.submitAction(request)).card.title).toBe(title);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  it('a deferred reply is shown to its sender only, next to the first reply', async () => {
    const { conversations } = setUp();
    const calls: CommandRequest[] = [];
    const consoleChat = createConsoleChat(async (call) => {
      calls.push(call);
      return {
        card: infoCard('Not confirmed yet', 'No answer yet.', 'warning'),
        outcome: 'unconfirmed',
        visibility: 'ephemeral',
      };
    }, conversations);
    await consoleChat.submitText(request, 'status');
    await calls[0]?.deliverDeferredReply?.({
      card: infoCard('Status', 'Nothing.'),
      outcome: 'listing',
      visibility: 'ephemeral',
    });
    expect(conversations.list(to, ada.id).map(({ kind }) => kind)).toEqual(['command', 'note', 'note']);
    expect(conversations.list(to, 'grace@example.com').map(({ kind }) => kind)).toEqual(['command']);
  });

  it('an ephemeral reply is shown to its sender only', async () => {
    const { conversations } = setUp();
    const consoleChat = createConsoleChat(
      async () => ({ card: infoCard('Status', 'Nothing.'), outcome: 'listing', visibility: 'ephemeral' }),
      conversations,
    );
    await consoleChat.submitText(request, 'status');
    expect(conversations.list(to, 'grace@example.com').map(({ kind }) => kind)).toEqual(['command']);
  });
});
