import { LRUCache } from 'lru-cache';
import PQueue from 'p-queue';
import { ChatError } from '../../platform/errors.ts';

/** A person waits for a reply; cards come before thread posts. */
const priorities = { answer: 20, card: 10, thread: 5 } as const;
export type Priority = keyof typeof priorities;

/** Teams limits reads and writes of a conversation separately. */
export type Traffic = 'write' | 'read';

export interface RateLimitKey {
  readonly tenantId: string;
  readonly conversationId: string;
  readonly traffic: Traffic;
  readonly priority: Priority;
}

/** Queues requests so that they stay within the limits of Teams. */
export interface RateLimiter {
  /** Rejects with a retryable `ChatError` instead of waiting longer than 15 s. */
  run<T>(key: RateLimitKey, send: () => Promise<T>): Promise<T>;
  /** Teams asked to wait so long before the next request to a conversation. */
  pause(key: RateLimitKey, ms: number): void;
}

/** Requests, and the milliseconds in which Teams allows them. */
type Window = readonly [maxRequests: number, ms: number];

/**
 * Per bot and thread: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
 * The narrowest window comes last, next to the request: a delay after it would make it useless.
 */
const windows: Readonly<Record<Traffic, readonly [Window, ...Window[]]>> = {
  write: [
    [1800, 3_600_000],
    [60, 30_000],
    [8, 2000],
    [7, 1000],
  ],
  read: [
    [3600, 3_600_000],
    [120, 30_000],
    [16, 2000],
    [14, 1000],
  ],
};
/** Per app and tenant, from the same page. */
const tenantWindow: Window = [50, 1000];

/** Teams answers 412 to a second simultaneous write in one conversation. */
const concurrency: Readonly<Record<Traffic, number>> = { write: 1, read: 4 };

/** A queued notification delays the run's other chats, so a longer pause is reported as an error. */
const maxWaitMs = 15_000;
/** The widest window is an hour: a conversation that was idle for so long has nothing to count. */
const rememberMs = 3_600_000;

interface ConversationQueue {
  /** Orders the requests by priority and counts the widest window. */
  readonly queue: PQueue;
  readonly narrower: readonly PQueue[];
  pausedUntil: number;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const createQueue = ([intervalCap, interval]: Window, concurrent = Number.POSITIVE_INFINITY): PQueue =>
  new PQueue({ intervalCap, interval, strict: true, concurrency: concurrent });

const runThrough = <T>([queue, ...rest]: readonly PQueue[], send: () => Promise<T>): Promise<T> =>
  queue === undefined ? send() : queue.add(() => runThrough(rest, send));

export const createRateLimiter = (): RateLimiter & { readonly size: () => number } => {
  const conversations = new LRUCache<string, ConversationQueue>({
    max: 10_000,
    ttl: rememberMs,
    updateAgeOnGet: true,
    perf: Date,
  });
  const tenants = new LRUCache<string, PQueue>({ max: 1000 });

  const toId = ({ conversationId, traffic }: RateLimitKey): string => `${traffic} ${conversationId}`;

  const getConversation = (key: RateLimitKey): ConversationQueue => {
    const known = conversations.get(toId(key));
    if (known !== undefined) return known;
    const [widest, ...narrower] = windows[key.traffic];
    const conversation = {
      queue: createQueue(widest, concurrency[key.traffic]),
      narrower: narrower.map((window) => createQueue(window)),
      pausedUntil: 0,
    };
    conversations.set(toId(key), conversation);
    return conversation;
  };

  const getTenant = (tenantId: string): PQueue => {
    const queue = tenants.get(tenantId) ?? createQueue(tenantWindow);
    tenants.set(tenantId, queue);
    return queue;
  };

  const waitForPause = async ({ conversationId }: RateLimitKey, { pausedUntil }: ConversationQueue) => {
    const ms = pausedUntil - Date.now();
    if (ms > maxWaitMs)
      throw new ChatError(
        `sending to teams:${conversationId}: Teams asked to wait ${Math.ceil(ms / 1000)} s`,
        'retryable',
        { retryAfterMs: ms },
      );
    if (ms > 0) await sleep(ms);
  };

  return {
    run(key, send) {
      const conversation = getConversation(key);
      return conversation.queue.add(
        async () => {
          conversations.set(toId(key), conversation);
          await waitForPause(key, conversation);
          return runThrough([...conversation.narrower, getTenant(key.tenantId)], send);
        },
        { priority: priorities[key.priority] },
      );
    },
    pause(key, ms) {
      const conversation = getConversation(key);
      conversation.pausedUntil = Math.max(conversation.pausedUntil, Date.now() + ms);
    },
    size: () => {
      conversations.purgeStale();
      return conversations.size;
    },
  };
};
