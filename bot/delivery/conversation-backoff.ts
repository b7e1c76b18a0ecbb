import type { Conversation } from '../../workflows/contract/conversation.ts';
import { ChatError } from '../platform/errors.ts';

/** How long each conversation that rejected a message is left alone. */
export interface ConversationBackoff {
  /** 0 when the conversation can get a message now. */
  remainingMs(to: Conversation): number;
  /** Doubles the pause, or takes the longer one that the chat names. */
  recordFailure(to: Conversation, error: unknown): void;
  /** After a successful delivery. */
  reset(to: Conversation): void;
}

const initialPauseMs = 2000;
const maxPauseMs = 30_000;

export const createConversationBackoff = (clock: () => number = Date.now): ConversationBackoff => {
  const pauses = new Map<Conversation, { readonly failures: number; readonly until: number }>();
  return {
    remainingMs: (to) => Math.max(0, (pauses.get(to)?.until ?? 0) - clock()),
    recordFailure(to, error) {
      const failures = pauses.get(to)?.failures ?? 0;
      const retryAfterMs = error instanceof ChatError ? (error.retryAfterMs ?? 0) : 0;
      const pauseMs = Math.max(
        retryAfterMs,
        Math.min(maxPauseMs, initialPauseMs * 2 ** Math.min(failures, 10)),
      );
      pauses.set(to, { failures: failures + 1, until: clock() + pauseMs });
    },
    reset: (to) => {
      pauses.delete(to);
    },
  };
};
