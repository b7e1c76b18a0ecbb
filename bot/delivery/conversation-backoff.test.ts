import { expect, test } from 'vitest';
import { ChatError } from '../platform/errors.ts';
import { createConversationBackoff } from './conversation-backoff.ts';

test('the pause doubles with each failure, is as long as the chat asks for, and ends with a success', () => {
  let now = 0;
  const backoff = createConversationBackoff(() => now);
  const lasted = (error: unknown = new Error('no')): number => {
    backoff.recordFailure('chat:a', error);
    return backoff.remainingMs('chat:a');
  };
  expect(backoff.remainingMs('chat:a')).toBe(0);
  expect([lasted(), lasted(), lasted(), lasted(), lasted(), lasted()]).toEqual([
    2000, 4000, 8000, 16_000, 30_000, 30_000,
  ]);
  expect(lasted(new ChatError('slow down', 'retryable', { retryAfterMs: 90_000 }))).toBe(90_000);
  expect(backoff.remainingMs('chat:b')).toBe(0);
  now = 89_000;
  expect(backoff.remainingMs('chat:a')).toBe(1000);
  backoff.reset('chat:a');
  expect(backoff.remainingMs('chat:a')).toBe(0);
  expect(lasted()).toBe(2000);
});
