import { describe, expect, test } from 'vitest';
import type { PlatformStore } from '../platform/platform-factory.ts';
import { type ActivityOrigin, createConversationReferences } from './conversation-references.ts';

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

const said = (
  id: string,
  serviceUrl = 'https://smba.example.com/emea/',
  over: ActivityOrigin = {},
): ActivityOrigin => ({
  serviceUrl,
  conversation: { id: `${id};messageid=17`, conversationType: 'channel', tenantId: 'T1' },
  channelData: { tenant: { id: 'T1' }, team: { id: 'team' }, channel: { id } },
  ...over,
});

describe('a conversation reference', () => {
  test('A reference survives a restart', async () => {
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

  test('A reference has the latest service URL', async () => {
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

  test('A reference is written only when it has changed, even after a restart', async () => {
    const { memory, writes } = createMemory();
    await createConversationReferences(memory, config).remember(said(channel));
    const before = writes.length;
    const again = createConversationReferences(memory, config);
    await again.remember(said(channel));
    await again.remember(said(channel));
    expect(writes).toHaveLength(before);
  });

  test('A reference keeps the fields that a click does not carry', async () => {
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

  test('Removing the app from a team deletes the references of all its channels', async () => {
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

  test('Deleting a chat or a channel deletes its reference only', async () => {
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

describe('an unknown conversation', () => {
  test('An unknown conversation is reached at the latest service URL of its tenant', async () => {
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

  test('A conversation is reached although its stored reference is unreadable', async () => {
    const { memory } = createMemory();
    await memory.set(`reference ${channel}`, { serviceUrl: 7 });
    expect(await createConversationReferences(memory, config).find(channel)).toMatchObject({
      tenantId: 't1',
    });
  });
});
