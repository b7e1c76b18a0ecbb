import type { Conversation } from '../../workflows/contract/conversation.ts';
import { ChatError } from '../platform/errors.ts';

/** Conversations that did not take what they were told, and for how long each is left alone. */
export interface ConversationBackoff {
  /** How long it still rests; 0 when it may be told something. */
  remainingMs(to: Conversation): number;
  recordFailure(to: Conversation, error: unknown): void;
  /** It takes messages again. */
  reset(to: Conversation): void;
}

const initialPauseMs = 2000;
const maxPauseMs = 30_000;

export const createConversationBackoff = (clock: () => number = Date.now): ConversationBackoff => {
  const rests = new Map<Conversation, { readonly failures: number; readonly until: number }>();
  return {
    remainingMs: (to) => Math.max(0, (rests.get(to)?.until ?? 0) - clock()),
    recordFailure(to, error) {
      const failures = rests.get(to)?.failures ?? 0;
      const asked = error instanceof ChatError ? (error.retryAfterMs ?? 0) : 0;
      const pause = Math.max(asked, Math.min(maxPauseMs, initialPauseMs * 2 ** Math.min(failures, 10)));
      rests.set(to, { failures: failures + 1, until: clock() + pause });
    },
    reset: (to) => {
      rests.delete(to);
    },
  };
};
