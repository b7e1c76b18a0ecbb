import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../../runtime/logger.ts';
import type { Audience, Conversation } from '../../workflows/contract/conversation.ts';
import { ChatError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { LiveRun } from '../runs/types.ts';
import { createConversationBackoff } from './conversation-backoff.ts';
import type { DeliverRun } from './deliver-run.ts';
import { createLatestWinsQueue } from './keyed-queue.ts';
import type { MessageBudget } from './message-budget.ts';
import type { PostRecovery } from './recovery.ts';
import { getFailureSubscribers, getSubscribers, toPlatformName } from './subscribers.ts';

/** What came of it; `owed` when mere progress had to wait somewhere. */
export interface BroadcastResult {
  readonly progressDeferred: boolean;
  readonly failures: readonly unknown[];
}

/** How a run stands, and who follows its service besides those whom the catalog names. */
interface RunUpdate {
  readonly run: LiveRun;
  readonly subscribed: readonly Audience[];
}

export interface Broadcaster {
  /** Tells everybody at the same time. A mere look leaves those alone who have just refused. */
  broadcast(news: RunUpdate, isLook: boolean): Promise<BroadcastResult>;
  /** When nothing is underway any more. */
  settled(): Promise<void>;
}

export interface BroadcasterDeps {
  readonly deliver: DeliverRun;
  readonly recover: PostRecovery;
  readonly budget: MessageBudget;
  readonly platforms: () => readonly Platform[];
  readonly logger: Logger;
  /** How long the others wait for a slow conversation; shorter in tests. */
  readonly conversationTimeoutMs?: number;
}

const defaultConversationTimeoutMs = 5000;

/** Shows a run wherever it is followed; a conversation that is slow or away holds up no other. */
export const createBroadcaster = (deps: BroadcasterDeps): Broadcaster => {
  const {
    deliver,
    recover,
    budget,
    platforms,
    logger,
    conversationTimeoutMs: patienceMs = defaultConversationTimeoutMs,
  } = deps;
  const turns = createLatestWinsQueue<
    RunUpdate & { readonly audience: Audience },
    { readonly progressDeferred: boolean }
  >();
  const rests = createConversationBackoff();
  const underway = new Set<Promise<unknown>>();

  const deliverNews = async (platform: Platform, { run, subscribed }: RunUpdate, audience: Audience) => {
    const { to } = audience;
    try {
      const delivered = await deliver(platform, run, audience);
      if (getFailureSubscribers(run.view, subscribed).has(to))
        await recover(platform, run, { to, subscribed });
      rests.reset(to);
      return delivered;
    } catch (error) {
      rests.recordFailure(to, error);
      const quietMs = error instanceof ChatError ? error.retryAfterMs : null;
      if (quietMs !== null) budget.pauseProgress(platform, to, quietMs);
      logger.warn(
        { workflowId: run.view.workflowId, conversation: to, error: String(error) },
        'a conversation could not be told how a run stands; it is tried again',
      );
      throw error;
    }
  };

  /** What is slow goes on, and is asked about again. */
  const withPatience = async <T>(told: Promise<T>, to: Conversation): Promise<T> => {
    const answered = new AbortController();
    const slow = pause(patienceMs, undefined, { signal: answered.signal }).then(() => {
      const error = new ChatError(`telling ${to}: it has not answered yet`, 'retryable');
      rests.recordFailure(to, error);
      throw error;
    });
    try {
      return await Promise.race([told, slow]);
    } finally {
      answered.abort();
    }
  };

  const tell = (platform: Platform, news: RunUpdate, audience: Audience, isLook: boolean) => {
    const { to } = audience;
    const rest = isLook ? rests.remainingMs(to) : 0;
    if (rest > 0)
      throw new ChatError(`telling ${to}: it took nothing a moment ago`, 'retryable', { retryAfterMs: rest });
    const key = `${news.run.view.workflowId} ${to}`;
    const told = turns(key, { ...news, audience }, (newest) =>
      deliverNews(platform, newest, newest.audience),
    );
    const ended: Promise<unknown> = told.then(
      () => underway.delete(ended),
      () => underway.delete(ended),
    );
    underway.add(ended);
    return withPatience(told, to);
  };

  return {
    async broadcast(news, isLook) {
      const known = new Map(platforms().map((platform) => [platform.name, platform]));
      const told = getSubscribers(news.run.view, news.subscribed).map(async (audience) => {
        const platform = known.get(toPlatformName(audience.to));
        return platform === undefined ? { progressDeferred: false } : tell(platform, news, audience, isLook);
      });
      const results = await Promise.allSettled(told);
      return {
        progressDeferred: results.some(
          (result) => result.status === 'fulfilled' && result.value.progressDeferred,
        ),
        failures: results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])),
      };
    },
    async settled() {
      while (underway.size > 0) await Promise.all(underway);
    },
  };
};
