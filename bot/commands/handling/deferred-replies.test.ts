import { expect, test } from 'vitest';
import { infoCard } from '../../cards/notice-cards.ts';
import { ada } from '../../cards/testing/sample-parts.ts';
import type { CommandRequest, Reply } from '../../platform/platform.ts';
import { createFakePlatform } from '../../testing/fake-platform.ts';
import { silentLogger } from '../../testing/test-store.ts';
import { createDeferredReplies } from './deferred-replies.ts';

const call: CommandRequest = {
  idempotencyKey: 'k',
  command: 'status',
  args: '',
  resolveActor: async () => ada,
  deadline: 0,
  conversation: 'fake:room',
};
const reply: Reply = {
  card: infoCard('Late', 'For Ada alone.'),
  outcome: 'accepted',
  visibility: 'ephemeral',
};

test('a deferred reply goes to the sender, not to the whole channel', async () => {
  const chat = createFakePlatform('fake');
  const late = createDeferredReplies(() => [chat.platform], silentLogger);
  const told: Reply[] = [];
  late.deliver(
    { ...call, deliverDeferredReply: async (answer) => void told.push(answer) },
    Promise.resolve(reply),
  );
  await late.settled();
  expect(told).toEqual([reply]);
  expect(chat.messages).toEqual([]);
});

test('a deferred reply is posted to the conversation when the chat offers no other way', async () => {
  const chat = createFakePlatform('fake');
  const late = createDeferredReplies(() => [chat.platform], silentLogger);
  late.deliver(call, Promise.resolve(reply));
  await late.settled();
  expect(chat.messages).toMatchObject([{ to: 'fake:room', card: { title: 'Late' } }]);
});
