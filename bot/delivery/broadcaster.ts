import pTimeout from 'p-timeout';
import type { Logger } from '../../runtime/logger.ts';
import type { Audience, Conversation } from '../../workflows/contract/conversation.ts';
import { ChatError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { PublishResult } from '../runs/run-poller.ts';
import type { LiveRun } from '../runs/types.ts';
import { createConversationBackoff } from './conversation-backoff.ts';
import type { DeliverRun } from './deliver-run.ts';
import { createLatestWinsQueue } from './keyed-queue.ts';
import type { MessageBudget } from './message-budget.ts';
import type { PostRecovery } from './recovery.ts';
import { getFailureSubscribers, getSubscribers, toPlatformName } from './subscribers.ts';

export type BroadcastResult = Pick<PublishResult, 'progressDeferred' | 'failures'>;

/** The state of a run, and who subscribed to its service in addition to the catalog's conversations. */
interface RunUpdate {
  readonly run: LiveRun;
  readonly subscribed: readonly Audience[];
}

export interface BroadcasterDeps {
  readonly deliver: DeliverRun;
  readonly postRecovery: PostRecovery;
  readonly budget: MessageBudget;
  readonly platforms: () => readonly Platform[];
  readonly logger: Logger;
  /** How long a broadcast waits for a slow conversation; shorter in tests. */
  readonly conversationTimeoutMs?: number;
}

const defaultConversationTimeoutMs = 5000;

/** Shows a run in every conversation that follows it. A slow or failing conversation delays no other. */
export class Broadcaster {
  readonly #deps: BroadcasterDeps;
  /** One delivery at a time for each run and conversation; a waiting one gets the latest update. */
  readonly #queue = createLatestWinsQueue<
    RunUpdate & { readonly audience: Audience },
    { readonly progressDeferred: boolean }
  >();
  readonly #backoff = createConversationBackoff();
  readonly #deliveries = new Set<Promise<unknown>>();

  constructor(deps: BroadcasterDeps) {
    this.#deps = deps;
  }

  /** Delivers to all conversations at the same time. A poll skips those whose backoff has not ended. */
  async broadcast(update: RunUpdate, isPoll: boolean): Promise<BroadcastResult> {
    const platforms = new Map(this.#deps.platforms().map((platform) => [platform.name, platform]));
    const deliveries = getSubscribers(update.run.view, update.subscribed).map(async (audience) => {
      const platform = platforms.get(toPlatformName(audience.to));
      if (platform === undefined) return { progressDeferred: false };
      return this.#enqueue(platform, update, audience, isPoll);
    });
    const results = await Promise.allSettled(deliveries);
    return {
      progressDeferred: results.some(
        (result) => result.status === 'fulfilled' && result.value.progressDeferred,
      ),
      failures: results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])),
    };
  }

  /** Resolves when no delivery is running any more, not even one that a broadcast stopped waiting for. */
  async settled(): Promise<void> {
    while (this.#deliveries.size > 0) await Promise.all(this.#deliveries);
  }

  async #enqueue(platform: Platform, update: RunUpdate, audience: Audience, isPoll: boolean) {
    const { to } = audience;
    const retryAfterMs = isPoll ? this.#backoff.remainingMs(to) : 0;
    if (retryAfterMs > 0)
      throw new ChatError(`notifying ${to}: waiting after a failed delivery`, 'retryable', { retryAfterMs });
    const key = `${update.run.view.workflowId} ${to}`;
    const delivery = this.#queue(key, { ...update, audience }, (latest) => this.#deliver(platform, latest));
    const ended: Promise<unknown> = delivery.then(
      () => this.#deliveries.delete(ended),
      () => this.#deliveries.delete(ended),
    );
    this.#deliveries.add(ended);
    return this.#withTimeout(delivery, to);
  }

  async #deliver(platform: Platform, update: RunUpdate & { readonly audience: Audience }) {
    const { deliver, postRecovery, budget, logger } = this.#deps;
    const { run, subscribed, audience } = update;
    const { to } = audience;
    try {
      const delivered = await deliver(platform, run, audience);
      if (getFailureSubscribers(run.view, subscribed).has(to))
        await postRecovery(platform, run, { to, subscribed });
      this.#backoff.reset(to);
      return delivered;
    } catch (error) {
      this.#backoff.recordFailure(to, error);
      const pauseMs = error instanceof ChatError ? error.retryAfterMs : null;
      if (pauseMs !== null) budget.pauseProgress(platform, to, pauseMs);
      const { workflowId } = run.view;
      logger.warn(
        { workflowId, conversation: to, err: error },
        'notifying a conversation failed; Quarterdeck will retry',
      );
      throw error;
    }
  }

  /** A slow delivery goes on, and the next broadcast finds out how it ended. */
  #withTimeout<T>(delivery: Promise<T>, to: Conversation): Promise<T> {
    return pTimeout(delivery, {
      milliseconds: this.#deps.conversationTimeoutMs ?? defaultConversationTimeoutMs,
      fallback: () => {
        const error = new ChatError(`notifying ${to}: no response yet`, 'retryable');
        this.#backoff.recordFailure(to, error);
        throw error;
      },
    });
  }
}
