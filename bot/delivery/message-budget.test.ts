import { describe, expect, test } from 'vitest';
import { createFakePlatform } from '../testing/fake-platform.ts';
import { createMessageBudget } from './message-budget.ts';

const chat = { ...createFakePlatform().platform, messagesPerMinute: 10 };
const to = 'fake:a';

describe('the message budget', () => {
  test('sends queued messages by priority when the limit is reached', async () => {
    const budget = createMessageBudget();
    const slow = { ...chat, name: 'slow', messagesPerMinute: 1000 };
    const gate = Promise.withResolvers<void>();
    const order: string[] = [];
    const blockers = Array.from({ length: 4 }, () => budget.enqueue(slow, 'slow:a', 0, () => gate.promise));
    const late = [
      budget.enqueue(slow, 'slow:a', 1, async () => order.push('thread')),
      budget.enqueue(slow, 'slow:a', 5, async () => order.push('decision')),
      budget.enqueue(slow, 'slow:a', 1, async () => order.push('another')),
    ];
    gate.resolve();
    await Promise.all([...blockers, ...late]);
    expect(order).toEqual(['decision', 'thread', 'another']);
  });

  test('reserves a part of every minute for notifications', async () => {
    let now = 0;
    const budget = createMessageBudget(() => now);
    for (let sent = 0; sent < 7; sent += 1) {
      now += 3000;
      expect(budget.tryAcquireProgress(chat, to, 'message')).toBe(true);
      await budget.enqueue(chat, to, 1, () => Promise.resolve());
    }
    now += 3000;
    expect(budget.tryAcquireProgress(chat, to, 'message')).toBe(false);
    await budget.enqueue(chat, to, 1, () => Promise.resolve());
    now += 60_000;
    expect(budget.tryAcquireProgress(chat, to, 'message')).toBe(true);
  });

  test('counts each message and each chat separately', () => {
    const budget = createMessageBudget(() => 10_000);
    expect(budget.tryAcquireProgress(chat, to, 'one')).toBe(true);
    expect(budget.tryAcquireProgress(chat, to, 'one')).toBe(false);
    expect(budget.tryAcquireProgress(chat, to, 'two')).toBe(true);
    budget.pauseProgress(chat, to, 5000);
    expect(budget.tryAcquireProgress(chat, to, 'three')).toBe(false);
    expect(budget.tryAcquireProgress({ ...chat, name: 'second' }, 'second:a', 'four')).toBe(true);
  });
  test('is shared by the workspace, unless each conversation of the chat has its own limit', async () => {
    const fill = async (platform: typeof chat) => {
      const budget = createMessageBudget(() => 10_000);
      for (let sent = 0; sent < 7; sent += 1) await budget.enqueue(platform, to, 1, () => Promise.resolve());
      return budget;
    };
    const shared = await fill(chat);
    expect(shared.tryAcquireProgress(chat, 'fake:b', 'one')).toBe(false);

    const apart = { ...chat, rateLimitScope: 'conversation' } as const;
    const budget = await fill(apart);
    expect(budget.tryAcquireProgress(apart, to, 'one')).toBe(false);
    expect(budget.tryAcquireProgress(apart, 'fake:b', 'two')).toBe(true);
    budget.pauseProgress(apart, 'fake:b', 5000);
    expect(budget.tryAcquireProgress(apart, 'fake:b', 'three')).toBe(false);
    expect(budget.tryAcquireProgress(apart, 'fake:c', 'four')).toBe(true);
  });

  test('lets a conversation wait without delaying another', async () => {
    const budget = createMessageBudget();
    const apart = { ...chat, messagesPerMinute: 1, rateLimitScope: 'conversation' } as const;
    const said: string[] = [];
    const say = (where: string) => budget.enqueue(apart, where, 1, async () => said.push(where));
    await say('fake:a');
    void say('fake:a');
    await say('fake:b');
    expect(said).toEqual(['fake:a', 'fake:b']);
  });
});
