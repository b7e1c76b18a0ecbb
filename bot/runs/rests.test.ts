import { expect, test } from 'vitest';
import { ChatError } from '../platform/errors.ts';
import { createRests } from './rests.ts';

test('a conversation rests longer each time, as long as it asked, and not once it takes messages again', () => {
  let now = 0;
  const rests = createRests(() => now);
  const lasted = (error: unknown = new Error('no')): number => {
    rests.failed('chat:a', error);
    return rests.left('chat:a');
  };
  expect(rests.left('chat:a')).toBe(0);
  expect([lasted(), lasted(), lasted(), lasted(), lasted(), lasted()]).toEqual([
    2000, 4000, 8000, 16_000, 30_000, 30_000,
  ]);
  expect(lasted(new ChatError('slow down', 'retryable', { retryAfterMs: 90_000 }))).toBe(90_000);
  expect(rests.left('chat:b')).toBe(0);
  now = 89_000;
  expect(rests.left('chat:a')).toBe(1000);
  rests.took('chat:a');
  expect(rests.left('chat:a')).toBe(0);
  expect(lasted()).toBe(2000);
});
