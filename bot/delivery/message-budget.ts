import { LRUCache } from 'lru-cache';
import PQueue from 'p-queue';
import type { Conversation } from '../../workflows/contract/conversation.ts';
import type { Platform } from '../platform/platform.ts';

/** Cards go before thread posts, which only add to them. */
export const priorities = { card: 10, thread: 5 } as const;

/** Keeps each chat below its rate limit: notifications queue, and progress takes only what they leave. */
export interface MessageBudget {
  /** Sends when the rate limit has room. */
  enqueue<T>(platform: Platform, to: Conversation, priority: number, send: () => Promise<T>): Promise<T>;
  /** True when this message may be edited now for mere progress. The edit then counts as made. */
  tryAcquireProgress(platform: Platform, to: Conversation, message: string): boolean;
  /** Stops progress for a while, because the chat asked for a pause. */
  pauseProgress(platform: Platform, to: Conversation, ms: number): void;
}

const minute = 60_000;
const minEditIntervalMs = 2500;
/** The rest of every minute is for notifications. */
const progressShare = 0.7;
const defaultMessagesPerMinute = 45;
const concurrentSends = 4;

interface RateWindow {
  readonly queue: PQueue;
  readonly limit: number;
  sent: number[];
  pausedUntil: number;
}

export const createMessageBudget = (clock: () => number = Date.now): MessageBudget => {
  // A window that was idle for this long has nothing left to count.
  const windows = new LRUCache<string, RateWindow>({ max: 10_000, ttl: 60 * minute, updateAgeOnGet: true });
  const edits = new Map<string, number>();

  const getWindow = (platform: Platform, to: Conversation): RateWindow => {
    const key = platform.rateLimitScope === 'conversation' ? to : platform.name;
    const known = windows.get(key);
    if (known !== undefined) return known;
    const limit = platform.messagesPerMinute ?? defaultMessagesPerMinute;
    const queue = new PQueue({
      concurrency: concurrentSends,
      intervalCap: limit,
      interval: minute,
      strict: true,
    });
    const window = { queue, limit, sent: [], pausedUntil: 0 };
    windows.set(key, window);
    return window;
  };

  const forgetOldEdits = (): void => {
    for (const [message, at] of edits) if (at < clock() - minute) edits.delete(message);
  };

  return {
    enqueue(platform, to, priority, send) {
      const window = getWindow(platform, to);
      return window.queue.add(
        () => {
          window.sent = [...window.sent.filter((at) => at > clock() - minute), clock()];
          return send();
        },
        { priority },
      );
    },

    tryAcquireProgress(platform, to, message) {
      const window = getWindow(platform, to);
      const now = clock();
      const recent = window.sent.filter((at) => at > now - minute).length;
      const hasRoom =
        window.queue.size === 0 && recent < window.limit * progressShare && now >= window.pausedUntil;
      if (!hasRoom || now - (edits.get(message) ?? 0) < minEditIntervalMs) return false;
      if (edits.size > 1000) forgetOldEdits();
      edits.set(message, now);
      return true;
    },

    pauseProgress(platform, to, ms) {
      const window = getWindow(platform, to);
      window.pausedUntil = Math.max(window.pausedUntil, clock() + ms);
    },
  };
};
