import { LRUCache } from 'lru-cache';
import PQueue from 'p-queue';
import type { Conversation } from '../../workflows/contract/conversation.ts';
import type { Platform } from '../platform/platform.ts';

/** Decisions, questions and ends go before what only adds to them. */
export const priorities = { card: 10, thread: 5 } as const;

/** How many messages a chat is sent: what must be said waits its turn, progress takes only what is left. */
export interface MessageBudget {
  /** Waits until there is room. */
  enqueue<T>(platform: Platform, to: Conversation, priority: number, send: () => Promise<T>): Promise<T>;
  /** True when a mere progress edit of this message may be made now; it then counts as made. */
  tryAcquireProgress(platform: Platform, to: Conversation, message: string): boolean;
  /** The chat asked for quiet: no progress until then. */
  pauseProgress(platform: Platform, to: Conversation, ms: number): void;
}

const minute = 60_000;
const betweenEditsMs = 2500;
/** Progress leaves a part of every minute to what must be said. */
const progressShare = 0.7;

interface RateWindow {
  readonly queue: PQueue;
  readonly limit: number;
  sent: number[];
  pausedUntil: number;
}

export const createMessageBudget = (clock: () => number = Date.now): MessageBudget => {
  // Whatever was idle for so long has nothing left to count.
  const lanes = new LRUCache<string, RateWindow>({ max: 10_000, ttl: 60 * minute, updateAgeOnGet: true });
  const edits = new Map<string, number>();

  const laneOf = (platform: Platform, to: Conversation): RateWindow => {
    const key = platform.rateLimitScope === 'conversation' ? to : platform.name;
    const known = lanes.get(key);
    if (known !== undefined) return known;
    const limit = platform.messagesPerMinute ?? 45;
    const queue = new PQueue({ concurrency: 4, intervalCap: limit, interval: minute, strict: true });
    const lane = { queue, limit, sent: [], pausedUntil: 0 };
    lanes.set(key, lane);
    return lane;
  };

  const count = (lane: RateWindow): void => {
    lane.sent = [...lane.sent.filter((at) => at > clock() - minute), clock()];
  };

  const forget = (): void => {
    for (const [message, at] of edits) if (at < clock() - minute) edits.delete(message);
  };

  return {
    enqueue(platform, to, priority, send) {
      const lane = laneOf(platform, to);
      return lane.queue.add(
        () => {
          count(lane);
          return send();
        },
        { priority },
      );
    },

    tryAcquireProgress(platform, to, message) {
      const lane = laneOf(platform, to);
      const now = clock();
      const recent = lane.sent.filter((at) => at > now - minute).length;
      const room = lane.queue.size === 0 && recent < lane.limit * progressShare && now >= lane.pausedUntil;
      if (!room || now - (edits.get(message) ?? 0) < betweenEditsMs) return false;
      if (edits.size > 1000) forget();
      edits.set(message, now);
      return true;
    },

    pauseProgress(platform, to, ms) {
      const lane = laneOf(platform, to);
      lane.pausedUntil = Math.max(lane.pausedUntil, clock() + ms);
    },
  };
};
