import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRateLimiter, type RateLimitKey } from './rate-limiter.ts';

const errand = (over: Partial<RateLimitKey> = {}): RateLimitKey => ({
  tenantId: 'tenant',
  conversationId: '19:a@thread.tacv2',
  traffic: 'write',
  urgency: 'card',
  ...over,
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Sends so many and notes when each left. */
const flood = (
  pace: ReturnType<typeof createRateLimiter>,
  count: number,
  over: Partial<RateLimitKey> = {},
) => {
  const left: number[] = [];
  const begun = Date.now();
  for (let sent = 0; sent < count; sent += 1)
    void pace.run(errand(over), async () => left.push(Date.now() - begun));
  return left;
};

/** The most that left within any span of this length. */
const busiest = (times: readonly number[], span: number): number =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + span).length));

describe('what is written in one conversation', () => {
  test('leaves 7 a second, 8 in two and 60 in thirty at most', async () => {
    const left = flood(createRateLimiter(), 200);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(left).toHaveLength(200);
    expect(busiest(left, 1000)).toBe(7);
    expect(busiest(left, 2000)).toBe(8);
    expect(busiest(left, 30_000)).toBe(60);
  });

  test('leaves 1,800 an hour at most', async () => {
    const left = flood(createRateLimiter(), 1900);
    await vi.advanceTimersByTimeAsync(3_500_000);
    expect(left).toHaveLength(1800);
    await vi.advanceTimersByTimeAsync(200_000);
    expect(left).toHaveLength(1900);
  });

  test('goes one at a time and in order, whatever fails', async () => {
    const pace = createRateLimiter();
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    const first = pace.run(errand(), async () => {
      await gate.promise;
      order.push('first');
      throw new Error('refused');
    });
    const second = pace.run(errand(), async () => order.push('second'));
    const other = pace.run(errand({ conversationId: '19:b@thread.tacv2' }), async () =>
      order.push('elsewhere'),
    );
    await other;
    gate.resolve();
    await expect(first).rejects.toThrow('refused');
    await second;
    expect(order).toEqual(['elsewhere', 'first', 'second']);
  });

  test('goes by how much somebody waits for it', async () => {
    const pace = createRateLimiter();
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    const say = (urgency: RateLimitKey['urgency']) =>
      pace.run(errand({ urgency }), async () => order.push(urgency));
    const all = [pace.run(errand(), () => gate.promise), say('thread'), say('card'), say('answer')];
    gate.resolve();
    await Promise.all(all);
    expect(order).toEqual(['answer', 'card', 'thread']);
  });

  test('does not wait for what is read', async () => {
    const pace = createRateLimiter();
    void pace.run(errand(), () => new Promise(() => undefined));
    const read = flood(pace, 40, { traffic: 'read' });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(read).toHaveLength(40);
    expect(busiest(read, 1000)).toBe(14);
  });
});

test('a tenant gets 50 a second, however many conversations it has', async () => {
  const pace = createRateLimiter();
  const left: number[] = [];
  const begun = Date.now();
  const send = (conversationId: string, tenantId: string) =>
    void pace.run(errand({ conversationId, tenantId }), async () => left.push(Date.now() - begun));
  for (let conversation = 0; conversation < 120; conversation += 1) send(`19:${conversation}`, 'tenant');
  await vi.advanceTimersByTimeAsync(999);
  expect(left).toHaveLength(50);
  send('19:other', 'another');
  await vi.advanceTimersByTimeAsync(0);
  expect(left).toHaveLength(51);
  await vi.advanceTimersByTimeAsync(2000);
  expect(busiest(left, 1000)).toBe(51);
  expect(left).toHaveLength(121);
});

describe('a conversation in which Teams asked for quiet', () => {
  test('waits, with everything that is in its line; others do not', async () => {
    const pace = createRateLimiter();
    pace.pause(errand(), 5000);
    const held = flood(pace, 2);
    const free = flood(pace, 1, { conversationId: '19:b@thread.tacv2' });
    await vi.advanceTimersByTimeAsync(4999);
    expect([held, free]).toEqual([[], [0]]);
    await vi.advanceTimersByTimeAsync(1);
    expect(held).toEqual([5000, 5000]);
  });

  test('answers at once with the time when it is long', async () => {
    const pace = createRateLimiter();
    const send = vi.fn();
    pace.pause(errand(), 60_000);
    await expect(pace.run(errand(), send)).rejects.toMatchObject({ kind: 'retryable', retryAfterMs: 60_000 });
    await vi.advanceTimersByTimeAsync(60_000);
    await pace.run(errand(), send);
    expect(send).toHaveBeenCalledTimes(1);
  });
});

test('a conversation whose line takes longer than an hour is not forgotten meanwhile', async () => {
  const pace = createRateLimiter();
  const left = flood(pace, 2000);
  await vi.advanceTimersByTimeAsync(3_605_000);
  const late = flood(pace, 1);
  await vi.advanceTimersByTimeAsync(0);
  expect(left.length).toBeLessThan(2000);
  expect(late).toEqual([]);
});

test('conversations that were idle for an hour are forgotten', async () => {
  const pace = createRateLimiter();
  for (let conversation = 0; conversation < 500; conversation += 1)
    await pace.run(
      errand({ conversationId: `19:${conversation}`, tenantId: `${conversation}` }),
      async () => 1,
    );
  expect(pace.size()).toBe(500);
  await vi.advanceTimersByTimeAsync(3_600_001);
  expect(pace.size()).toBe(0);
});
