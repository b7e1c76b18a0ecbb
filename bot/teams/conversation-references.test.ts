import { describe, expect, test } from 'vitest';
import type { PlatformStore } from '../platform/platform-factory.ts';
import { createConversationReferences, type Origin } from './conversation-references.ts';

const channel = '19:abc123@thread.tacv2';
const other = '19:def456@thread.tacv2';
const config = { serviceHosts: ['smba.example.com', 'second.example.com'], tenantId: 'T1', tenants: ['t1'] };

const createMemory = () => {
  const held = new Map<string, string>();
  const writes: string[] = [];
  const memory: PlatformStore = {
    get: async (key) => JSON.parse(held.get(key) ?? 'null'),
    set: async (key, value) => {
      writes.push(key);
      held.set(key, JSON.stringify(value));
    },
    delete: async (key) => {
      held.delete(key);
    },
  };
  return { memory, held, writes };
};

const said = (id: string, serviceUrl = 'https://smba.example.com/emea/', over: Origin = {}): Origin => ({
  serviceUrl,
  conversation: { id: `${id};messageid=17`, conversationType: 'channel', tenantId: 'T1' },
  channelData: { tenant: { id: 'T1' }, team: { id: 'team' }, channel: { id } },
  ...over,
});

describe('a conversation reference', () => {
  test('outlives the bot', async () => {
    const { memory } = createMemory();
    await createConversationReferences(memory, config).remember(said(channel));
    expect(await createConversationReferences(memory, config).find(channel)).toEqual({
      conversationId: channel,
      serviceUrl: 'https://smba.example.com/emea/',
      tenantId: 't1',
      kind: 'channel',
      teamId: 'team',
    });
  });

  test('has the newest service address', async () => {
    const { memory } = createMemory();
    const references = createConversationReferences(memory, config);
    await references.remember(said(channel));
    await references.remember(said(channel, 'https://smba.example.com/amer/'));
    const expected = { serviceUrl: 'https://smba.example.com/amer/' };
    expect(await references.find(channel)).toMatchObject(expected);
    expect(await createConversationReferences(memory, config).find(`${channel};messageid=3`)).toMatchObject(
      expected,
    );
  });

  test('is written only when it has changed, also after a restart', async () => {
    const { memory, writes } = createMemory();
    await createConversationReferences(memory, config).remember(said(channel));
    const before = writes.length;
    const again = createConversationReferences(memory, config);
    await again.remember(said(channel));
    await again.remember(said(channel));
    expect(writes).toHaveLength(before);
  });

  test('keeps what a click does not say', async () => {
    const { memory } = createMemory();
    const references = createConversationReferences(memory, config);
    await references.remember(said(channel));
    await references.remember({
      serviceUrl: 'https://smba.example.com/new/',
      conversation: { id: channel },
      channelData: {},
    });
    expect(await references.find(channel)).toMatchObject({
      serviceUrl: 'https://smba.example.com/new/',
      teamId: 'team',
      kind: 'channel',
      tenantId: 't1',
    });
  });

  test('goes with all channels of a team when the app is taken out of it', async () => {
    const { memory, held } = createMemory();
    const references = createConversationReferences(memory, config);
    await Promise.all([references.remember(said(channel)), references.remember(said(other))]);
    await references.remember({
      serviceUrl: 'https://smba.example.com/chat/',
      conversation: { id: 'a:chat', conversationType: 'personal', tenantId: 'T1' },
    });
    await references.forget(said('team'));
    const kept = [...held.keys()].filter((key) => !key.startsWith('tenant'));
    expect(kept).toEqual(['reference a:chat']);
    expect(await references.find(channel)).toMatchObject({ teamId: null });
  });

  test('goes alone when its chat or its channel does', async () => {
    const { memory, held } = createMemory();
    const references = createConversationReferences(memory, config);
    await references.remember(said(channel));
    await references.remember(said(other));
    await references.forget({
      conversation: { id: 'team' },
      channelData: { eventType: 'channelDeleted', team: { id: 'team' }, channel: { id: other } },
    });
    expect([...held.keys()]).toContain(`reference ${channel}`);
    expect([...held.keys()]).not.toContain(`reference ${other}`);
  });
});

describe('a conversation in which nobody has spoken', () => {
  test('is reached where its tenant was last', async () => {
    const { memory } = createMemory();
    const references = createConversationReferences(memory, config);
    await references.remember(said(channel));
    await references.remember(said(other, 'https://smba.example.com/amer/'));
    expect(await references.find('19:new@thread.tacv2')).toEqual({
      conversationId: '19:new@thread.tacv2',
      serviceUrl: 'https://smba.example.com/amer/',
      tenantId: 't1',
      kind: 'channel',
      teamId: null,
    });
  });

  test.each([
    ['19:new@thread.tacv2', 'channel'],
    ['19:old@thread.skype', 'channel'],
    ['19:meeting_x@thread.v2', 'groupChat'],
    ['a:1abc', 'personal'],
    ['19:x_y@unq.gbl.spaces', 'personal'],
  ])('%s is reached at the first host, as a %s', async (id, kind) => {
    const { memory } = createMemory();
    expect(await createConversationReferences(memory, config).find(id)).toMatchObject({
      kind,
      serviceUrl: 'https://smba.example.com/teams/',
    });
  });

  test('is reached although what was stored is not ours', async () => {
    const { memory } = createMemory();
    await memory.set(`reference ${channel}`, { serviceUrl: 7 });
    expect(await createConversationReferences(memory, config).find(channel)).toMatchObject({
      tenantId: 't1',
    });
  });
});
