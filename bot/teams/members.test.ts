import { afterEach, expect, test, vi } from 'vitest';
import { createLogger } from '../../runtime/logger.ts';
import type { ConversationReference } from './conversation-references.ts';
import { createFindMembers } from './members.ts';

const room: ConversationReference = {
  conversationId: '19:room@thread.tacv2',
  serviceUrl: 'https://localhost/teams/',
  tenantId: 'tenant',
  kind: 'channel',
  teamId: '19:team',
};
const people = [
  { id: '29:ada', name: 'Ada', email: 'Ada@Example.com' },
  { id: '29:grace', userPrincipalName: 'grace@example.com' },
  { name: 'Without an ID' },
];
const logger = createLogger('test', 'silent');
afterEach(() => {
  vi.useRealTimers();
});

test('Members are found by email or user principal name in any case', async () => {
  const find = createFindMembers({ roster: async () => people, logger });
  expect(await find(room, ['ada@example.com', 'GRACE@example.com', 'grace@example.com', 'x@y.z'])).toEqual([
    { id: '29:ada', name: 'Ada' },
    { id: '29:grace', name: 'grace@example.com' },
  ]);
});

test('A roster is read once, and never for an empty list', async () => {
  const roster = vi.fn(async () => people);
  const find = createFindMembers({ roster, logger });
  expect(await find(room, [])).toEqual([]);
  expect(roster).not.toHaveBeenCalled();
  await Promise.all([find(room, ['a@b.c']), find(room, ['a@b.c'])]);
  await find(room, ['ada@example.com']);
  expect(roster).toHaveBeenCalledOnce();
});

test('A roster that cannot be read is null and is read again after 30 seconds', async () => {
  vi.useFakeTimers();
  const roster = vi.fn(async () => people).mockRejectedValueOnce(new Error('away'));
  const find = createFindMembers({ roster, logger });
  expect(await find(room, ['ada@example.com'])).toBeNull();
  expect(await find(room, ['ada@example.com'])).toBeNull();
  expect(roster).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(31_000);
  expect(await find(room, ['ada@example.com'])).toMatchObject([{ id: '29:ada' }]);
});
