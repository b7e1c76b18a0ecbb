import { LRUCache } from 'lru-cache';
import PQueue from 'p-queue';
import { ChatError } from '../../platform/errors.ts';

/** Somebody waits for an answer; cards come before what only adds to them. */
const priorities = { answer: 20, card: 10, thread: 5 } as const;
export type Priority = keyof typeof priorities;

/** What is asked of a conversation has a line of its own: Teams limits reading and writing apart. */
export type Traffic = 'write' | 'read';

export interface RateLimitKey {
  readonly tenantId: string;
  readonly conversationId: string;
  readonly traffic: Traffic;
  readonly urgency: Priority;
}

/** Keeps us inside Teams' limits: what is sent waits its turn. */
export interface RateLimiter {
  run<T>(errand: RateLimitKey, send: () => Promise<T>): Promise<T>;
  /** Teams asked for quiet in a conversation. */
  pause(errand: RateLimitKey, ms: number): void;
}

type Window = readonly [cap: number, interval: number];

// The narrowest window last, next to the request itself: it is the one that a delay would spoil.
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
const tenantWindow: Window = [50, 1000];

/** Two writes at once in one conversation are answered with 412. */
const atOnce: Readonly<Record<Traffic, number>> = { write: 1, read: 4 };

/** Whoever waits in a line keeps the run's other chats waiting: a long quiet is told, not waited for. */
const maxWaitMs = 15_000;
const rememberMs = 3_600_000;

interface ConversationQueue {
  readonly line: PQueue;
  readonly narrower: readonly PQueue[];
  quietUntil: number;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const queueOf = ([intervalCap, interval]: Window, concurrency = Number.POSITIVE_INFINITY): PQueue =>
  new PQueue({ intervalCap, interval, strict: true, concurrency });

const through = <T>([queue, ...rest]: readonly PQueue[], send: () => Promise<T>): Promise<T> =>
  queue === undefined ? send() : queue.add(() => through(rest, send));

export const createRateLimiter = (): RateLimiter & { readonly size: () => number } => {
  // A lane counts for an hour at most, so what was idle for so long has nothing left to count.
  const lanes = new LRUCache<string, ConversationQueue>({
    max: 10_000,
    ttl: rememberMs,
    updateAgeOnGet: true,
    perf: Date,
  });
  const tenants = new LRUCache<string, PQueue>({ max: 1000 });

  const keyOf = ({ conversationId, traffic }: RateLimitKey): string => `${traffic} ${conversationId}`;

  const laneOf = (errand: RateLimitKey): ConversationQueue => {
    const { traffic } = errand;
    const known = lanes.get(keyOf(errand));
    if (known !== undefined) return known;
    const [widest, ...narrower] = windows[traffic];
    const lane = {
      line: queueOf(widest, atOnce[traffic]),
      narrower: narrower.map((window) => queueOf(window)),
      quietUntil: 0,
    };
    lanes.set(keyOf(errand), lane);
    return lane;
  };

  const tenantOf = (tenantId: string): PQueue => {
    const queue = tenants.get(tenantId) ?? queueOf(tenantWindow);
    tenants.set(tenantId, queue);
    return queue;
  };

  const waitForQuiet = async ({ conversationId }: RateLimitKey, lane: ConversationQueue): Promise<void> => {
    const left = lane.quietUntil - Date.now();
    if (left > maxWaitMs)
      throw new ChatError(
        `sending to teams:${conversationId}: Teams asked to wait ${Math.ceil(left / 1000)} s`,
        'retryable',
        { retryAfterMs: left },
      );
    if (left > 0) await pause(left);
  };

  return {
    run(errand, send) {
      const lane = laneOf(errand);
      return lane.line.add(
        async () => {
          lanes.set(keyOf(errand), lane);
          await waitForQuiet(errand, lane);
          return through([...lane.narrower, tenantOf(errand.tenantId)], send);
        },
        { priority: priorities[errand.urgency] },
      );
    },
    pause(errand, ms) {
      const lane = laneOf(errand);
      lane.quietUntil = Math.max(lane.quietUntil, Date.now() + ms);
    },
    size: () => {
      lanes.purgeStale();
      return lanes.size;
    },
  };
};
