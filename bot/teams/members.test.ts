import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createLogger } from '../../runtime/logger.ts';
import type { ConversationReference } from './conversation-references.ts';
import { createMembers } from './members.ts';

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
  { name: 'nobody' },
];
const logger = createLogger('test', 'silent');

test('people are found by e-mail or by the name that they sign in with, whatever its case', async () => {
  const members = createMembers({ roster: async () => people, logger });
  expect(
    await members.idsOf(room, ['ada@example.com', 'GRACE@example.com', 'grace@example.com', 'x@y.z']),
  ).toEqual([
    { id: '29:ada', name: 'Ada' },
    { id: '29:grace', name: 'grace@example.com' },
  ]);
});

test('a roster is read once, and not at all for nobody', async () => {
  const roster = vi.fn(async () => people);
  const members = createMembers({ roster, logger });
  expect(await members.idsOf(room, [])).toEqual([]);
  expect(roster).not.toHaveBeenCalled();
  await Promise.all([members.idsOf(room, ['a@b.c']), members.idsOf(room, ['a@b.c'])]);
  await members.idsOf(room, ['ada@example.com']);
  expect(roster).toHaveBeenCalledOnce();
});

test('a roster that cannot be read is null, and is read again only after a while', async () => {
  const roster = vi.fn(async () => people).mockRejectedValueOnce(new Error('away'));
  const members = createMembers({ roster, logger });
  expect(await members.idsOf(room, ['ada@example.com'])).toBeNull();
  expect(await members.idsOf(room, ['ada@example.com'])).toBeNull();
  expect(roster).toHaveBeenCalledOnce();
  // The cache looks at its clock at most once a millisecond.
  await pause(10);
  const later = performance.now() + 31_000;
  const clock = vi.spyOn(performance, 'now').mockReturnValue(later);
  expect(await members.idsOf(room, ['ada@example.com'])).toMatchObject([{ id: '29:ada' }]);
  clock.mockRestore();
});
