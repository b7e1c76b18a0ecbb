import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../../runtime/logger.ts';
import type { Audience, Conversation } from '../../workflows/contract/conversation.ts';
import { ChatError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { audienceOf, failureChannels, platformName } from './audience.ts';
import type { DeliverRun } from './deliver-run.ts';
import type { MessageBudget } from './message-budget.ts';
import { createNewestTurns } from './newest-turns.ts';
import type { LiveRun } from './port.ts';
import type { TellRecovery } from './recovery.ts';
import { createRests } from './rests.ts';

/** What came of it; `owed` when mere progress had to wait somewhere. */
export interface Told {
  readonly owed: boolean;
  readonly failures: readonly unknown[];
}

/** How a run stands, and who follows its service besides those whom the catalog names. */
interface News {
  readonly run: LiveRun;
  readonly subscribed: readonly Audience[];
}

export interface Telling {
  /** Tells everybody at the same time. A mere look leaves those alone who have just refused. */
  everybody(news: News, isLook: boolean): Promise<Told>;
  /** When nothing is underway any more. */
  settled(): Promise<void>;
}

export interface TellingDeps {
  readonly deliver: DeliverRun;
  readonly recover: TellRecovery;
  readonly budget: MessageBudget;
  readonly platforms: () => readonly Platform[];
  readonly logger: Logger;
  /** How long the others wait for a slow conversation; shorter in tests. */
  readonly patienceMs?: number;
}

const usualPatienceMs = 5000;

/** Shows a run wherever it is followed; a conversation that is slow or away holds up no other. */
export const createTelling = (deps: TellingDeps): Telling => {
  const { deliver, recover, budget, platforms, logger, patienceMs = usualPatienceMs } = deps;
  const turns = createNewestTurns<News & { readonly audience: Audience }, { readonly owed: boolean }>();
  const rests = createRests();
  const underway = new Set<Promise<unknown>>();

  const deliverNews = async (platform: Platform, { run, subscribed }: News, audience: Audience) => {
    const { to } = audience;
    try {
      const delivered = await deliver(platform, run, audience);
      if (failureChannels(run.view, subscribed).has(to)) await recover(platform, run, { to, subscribed });
      rests.took(to);
      return delivered;
    } catch (error) {
      rests.failed(to, error);
      const quietMs = error instanceof ChatError ? error.retryAfterMs : null;
      if (quietMs !== null) budget.quiet(platform, to, quietMs);
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
      rests.failed(to, error);
      throw error;
    });
    try {
      return await Promise.race([told, slow]);
    } finally {
      answered.abort();
    }
  };

  const tell = (platform: Platform, news: News, audience: Audience, isLook: boolean) => {
    const { to } = audience;
    const rest = isLook ? rests.left(to) : 0;
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
    async everybody(news, isLook) {
      const known = new Map(platforms().map((platform) => [platform.name, platform]));
      const told = audienceOf(news.run.view, news.subscribed).map(async (audience) => {
        const platform = known.get(platformName(audience.to));
        return platform === undefined ? { owed: false } : tell(platform, news, audience, isLook);
      });
      const results = await Promise.allSettled(told);
      return {
        owed: results.some((result) => result.status === 'fulfilled' && result.value.owed),
        failures: results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])),
      };
    },
    async settled() {
      while (underway.size > 0) await Promise.all(underway);
    },
  };
};
