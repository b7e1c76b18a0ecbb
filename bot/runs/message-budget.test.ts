import { describe, expect, test } from 'vitest';
import { createFakePlatform } from '../testing/fake-platform.ts';
import { createMessageBudget } from './message-budget.ts';

const chat = { ...createFakePlatform().platform, messagesPerMinute: 10 };

describe('the message budget', () => {
  test('sends what is urgent in the order of its weight, once the minute has no room', async () => {
    const budget = createMessageBudget();
    const slow = { ...chat, name: 'slow', messagesPerMinute: 1000 };
    const gate = Promise.withResolvers<void>();
    const order: string[] = [];
    const blockers = Array.from({ length: 4 }, () => budget.urgent(slow, 0, () => gate.promise));
    const late = [
      budget.urgent(slow, 1, async () => order.push('thread')),
      budget.urgent(slow, 5, async () => order.push('decision')),
      budget.urgent(slow, 1, async () => order.push('another')),
    ];
    gate.resolve();
    await Promise.all([...blockers, ...late]);
    expect(order).toEqual(['decision', 'thread', 'another']);
  });

  test('leaves a part of every minute to what is urgent', async () => {
    let now = 0;
    const budget = createMessageBudget(() => now);
    for (let sent = 0; sent < 7; sent += 1) {
      now += 3000;
      expect(budget.spare(chat, 'message')).toBe(true);
      await budget.urgent(chat, 1, () => Promise.resolve());
    }
    now += 3000;
    expect(budget.spare(chat, 'message')).toBe(false);
    await budget.urgent(chat, 1, () => Promise.resolve());
    now += 60_000;
    expect(budget.spare(chat, 'message')).toBe(true);
  });

  test('counts each message and each chat for itself', () => {
    const budget = createMessageBudget(() => 10_000);
    expect(budget.spare(chat, 'one')).toBe(true);
    expect(budget.spare(chat, 'one')).toBe(false);
    expect(budget.spare(chat, 'two')).toBe(true);
    budget.quiet(chat, 5000);
    expect(budget.spare(chat, 'three')).toBe(false);
    expect(budget.spare({ ...chat, name: 'second' }, 'four')).toBe(true);
  });
});
