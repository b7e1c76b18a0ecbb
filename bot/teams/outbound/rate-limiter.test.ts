import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRateLimiter, type RateLimitKey } from './rate-limiter.ts';

const keyOf = (over: Partial<RateLimitKey> = {}): RateLimitKey => ({
  tenantId: 'tenant',
  conversationId: '19:a@thread.tacv2',
  traffic: 'write',
  priority: 'card',
  ...over,
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Sends so many requests and records when each one left. */
const flood = (
  rateLimiter: ReturnType<typeof createRateLimiter>,
  count: number,
  over: Partial<RateLimitKey> = {},
) => {
  const left: number[] = [];
  const begun = Date.now();
  for (let sent = 0; sent < count; sent += 1)
    void rateLimiter.run(keyOf(over), async () => left.push(Date.now() - begun));
  return left;
};

/** The maximum number of requests within any span of this length. */
const busiest = (times: readonly number[], span: number): number =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + span).length));

describe('writes in one conversation', () => {
  test('At most 7 writes leave in one second, 8 in two and 60 in thirty', async () => {
    const left = flood(createRateLimiter(), 200);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(left).toHaveLength(200);
    expect(busiest(left, 1000)).toBe(7);
    expect(busiest(left, 2000)).toBe(8);
    expect(busiest(left, 30_000)).toBe(60);
  });

  test('At most 1,800 writes leave in an hour', async () => {
    const left = flood(createRateLimiter(), 1900);
    await vi.advanceTimersByTimeAsync(3_500_000);
    expect(left).toHaveLength(1800);
    await vi.advanceTimersByTimeAsync(200_000);
    expect(left).toHaveLength(1900);
  });

  test('Writes run one at a time and in order, even after failures', async () => {
    const rateLimiter = createRateLimiter();
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    const first = rateLimiter.run(keyOf(), async () => {
      await gate.promise;
      order.push('first');
      throw new Error('refused');
    });
    const second = rateLimiter.run(keyOf(), async () => order.push('second'));
    const other = rateLimiter.run(keyOf({ conversationId: '19:b@thread.tacv2' }), async () =>
      order.push('elsewhere'),
    );
    await other;
    gate.resolve();
    await expect(first).rejects.toThrow('refused');
    await second;
    expect(order).toEqual(['elsewhere', 'first', 'second']);
  });

  test('Writes are ordered by priority', async () => {
    const rateLimiter = createRateLimiter();
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    const say = (priority: RateLimitKey['priority']) =>
      rateLimiter.run(keyOf({ priority }), async () => order.push(priority));
    const all = [rateLimiter.run(keyOf(), () => gate.promise), say('thread'), say('card'), say('answer')];
    gate.resolve();
    await Promise.all(all);
    expect(order).toEqual(['answer', 'card', 'thread']);
  });

  test('Writes do not wait for reads', async () => {
    const rateLimiter = createRateLimiter();
    void rateLimiter.run(keyOf(), () => new Promise(() => undefined));
    const read = flood(rateLimiter, 40, { traffic: 'read' });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(read).toHaveLength(40);
    expect(busiest(read, 1000)).toBe(14);
  });
});

test('A tenant gets 50 requests a second over all its conversations', async () => {
  const rateLimiter = createRateLimiter();
  const left: number[] = [];
  const begun = Date.now();
  const send = (conversationId: string, tenantId: string) =>
    void rateLimiter.run(keyOf({ conversationId, tenantId }), async () => left.push(Date.now() - begun));
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

describe('a paused conversation', () => {
  test('A pause delays the requests of its conversation only', async () => {
    const rateLimiter = createRateLimiter();
    rateLimiter.pause(keyOf(), 5000);
    const held = flood(rateLimiter, 2);
    const free = flood(rateLimiter, 1, { conversationId: '19:b@thread.tacv2' });
    await vi.advanceTimersByTimeAsync(4999);
    expect([held, free]).toEqual([[], [0]]);
    await vi.advanceTimersByTimeAsync(1);
    expect(held).toEqual([5000, 5000]);
  });

  test('A long pause is reported at once with its duration', async () => {
    const rateLimiter = createRateLimiter();
    const send = vi.fn();
    rateLimiter.pause(keyOf(), 60_000);
    await expect(rateLimiter.run(keyOf(), send)).rejects.toMatchObject({
      kind: 'retryable',
      retryAfterMs: 60_000,
    });
    await vi.advanceTimersByTimeAsync(60_000);
    await rateLimiter.run(keyOf(), send);
    expect(send).toHaveBeenCalledTimes(1);
  });
});

test('A conversation whose queue takes longer than an hour is kept', async () => {
  const rateLimiter = createRateLimiter();
  const left = flood(rateLimiter, 2000);
  await vi.advanceTimersByTimeAsync(3_605_000);
  const late = flood(rateLimiter, 1);
  await vi.advanceTimersByTimeAsync(0);
  expect(left.length).toBeLessThan(2000);
  expect(late).toEqual([]);
});

test('Conversations that were idle for an hour are dropped', async () => {
  const rateLimiter = createRateLimiter();
  for (let conversation = 0; conversation < 500; conversation += 1)
    await rateLimiter.run(
      keyOf({ conversationId: `19:${conversation}`, tenantId: `${conversation}` }),
      async () => 1,
    );
  expect(rateLimiter.size()).toBe(500);
  await vi.advanceTimersByTimeAsync(3_600_001);
  expect(rateLimiter.size()).toBe(0);
});
