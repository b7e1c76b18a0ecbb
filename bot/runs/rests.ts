import type { Conversation } from '../../workflows/contract/conversation.ts';
import { ChatError } from '../platform/errors.ts';

/** Conversations that did not take what they were told, and for how long each is left alone. */
export interface Rests {
  /** How long it still rests; 0 when it may be told something. */
  left(to: Conversation): number;
  failed(to: Conversation, error: unknown): void;
  /** It takes messages again. */
  took(to: Conversation): void;
}

const firstMs = 2000;
const longestMs = 30_000;

export const createRests = (clock: () => number = Date.now): Rests => {
  const rests = new Map<Conversation, { readonly failures: number; readonly until: number }>();
  return {
    left: (to) => Math.max(0, (rests.get(to)?.until ?? 0) - clock()),
    failed(to, error) {
      const failures = rests.get(to)?.failures ?? 0;
      const asked = error instanceof ChatError ? (error.retryAfterMs ?? 0) : 0;
      const pause = Math.max(asked, Math.min(longestMs, firstMs * 2 ** Math.min(failures, 10)));
      rests.set(to, { failures: failures + 1, until: clock() + pause });
    },
    took: (to) => {
      rests.delete(to);
    },
  };
};
