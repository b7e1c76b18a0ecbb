import { expect, test } from 'vitest';
import { noteCard } from './cards/error-card.ts';
import { ada } from './cards/sample-parts.ts';
import type { Invocation, Reply } from './platform/platform.ts';
import { createLateAnswers } from './tell-later.ts';
import { createFakePlatform } from './testing/fake-platform.ts';
import { silent } from './testing/test-store.ts';

const call: Invocation = {
  idempotencyKey: 'k',
  command: 'status',
  args: '',
  actor: ada,
  conversation: 'fake:room',
};
const reply: Reply = { card: noteCard('Late', 'For Ada alone.'), visibility: 'ephemeral' };

test('a late answer goes the way that the asker was to be answered, not to the whole channel', async () => {
  const chat = createFakePlatform('fake');
  const late = createLateAnswers(() => [chat.platform], silent);
  const told: Reply[] = [];
  late.tell({ ...call, sendDeferredReply: async (answer) => void told.push(answer) }, Promise.resolve(reply));
  await late.settled();
  expect(told).toEqual([reply]);
  expect(chat.messages).toEqual([]);
});

test('a late answer is posted where no other way is known', async () => {
  const chat = createFakePlatform('fake');
  const late = createLateAnswers(() => [chat.platform], silent);
  late.tell(call, Promise.resolve(reply));
  await late.settled();
  expect(chat.messages).toMatchObject([{ to: 'fake:room', card: { title: 'Late' } }]);
});
