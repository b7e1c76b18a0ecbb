import type { Logger } from '../../runtime/logger.ts';
import type { Audience, Conversation } from '../../workflows/contract/conversation.ts';
import { recoveryCard } from '../cards/recovery-card.ts';
import type { CardLinks } from '../cards/run-buttons.ts';
import type { Platform } from '../platform/platform.ts';
import type { LiveRun } from '../runs/types.ts';
import type { MessageRow } from '../store/message-rows.ts';
import type { EndedRun } from '../store/run-rows.ts';
import type { Store } from '../store/store.ts';
import { createKeyedQueue } from './keyed-queue.ts';
import type { MessageBudget } from './message-budget.ts';
import { toNotificationKey } from './notification-key.ts';
import { postNotice } from './send-once.ts';
import { getSubscribers } from './subscribers.ts';
import { isFailure } from './thread-posts.ts';

export interface RecoveryDeps {
  readonly store: Pick<Store, 'runs' | 'messages'>;
  readonly budget: MessageBudget;
  readonly links: CardLinks;
  readonly logger: Logger;
}

/** A conversation that follows failures, and everyone who subscribed to the service. */
interface FailureSubscriber {
  readonly to: Conversation;
  readonly subscribed: readonly Audience[];
}

/**
 * Notifies a conversation that a later run succeeded after the failure it shows. Call it after a success, and
 * also after a failure: a slow failure notice can arrive when the success is known already. Throws `ChatError`.
 */
export type PostRecovery = (platform: Platform, run: LiveRun, subscriber: FailureSubscriber) => Promise<void>;

const part = 'recovered';

export const createRecovery = ({ store, budget, links, logger }: RecoveryDeps): PostRecovery => {
  const { messages, runs } = store;
  const queue = createKeyedQueue<void>();

  const getCardRow = async ({ view }: LiveRun, to: Conversation): Promise<MessageRow | undefined> =>
    (await messages.of(view.workflowId, to)).get('card');

  /** True when the failure notice will still be delivered. The recovery then follows it. */
  const isPending = ({ run, open }: EndedRun, row: MessageRow | undefined, subscriber: FailureSubscriber) =>
    open &&
    !row?.suppressed &&
    getSubscribers(run.view, subscriber.subscribed).some(({ to }) => to === subscriber.to);

  /** The last failure that the conversation shows. */
  const findShownFailure = async (
    success: LiveRun,
    subscriber: FailureSubscriber,
  ): Promise<LiveRun | null> => {
    for (const ended of await runs.sinceLastSuccess(success)) {
      if (!isFailure(ended.run)) continue;
      const row = await getCardRow(ended.run, subscriber.to);
      if (row?.ref != null && row.notificationKey === toNotificationKey(ended.run)) return ended.run;
      if (isPending(ended, row, subscriber)) return null;
    }
    return null;
  };

  /** A run that failed, was retried and then succeeded shows that with its own card and thread. */
  const showsItself = async (success: LiveRun, to: Conversation): Promise<boolean> =>
    success.view.events.some(({ kind }) => kind === 'retried') &&
    (await getCardRow(success, to))?.ref != null;

  const post = (platform: Platform, success: LiveRun, subscriber: FailureSubscriber): Promise<void> =>
    postNotice(
      { platform, messages, budget, logger },
      {
        workflowId: success.view.workflowId,
        to: subscriber.to,
        part,
        notificationKey: toNotificationKey(success),
        async getCard() {
          if (await showsItself(success, subscriber.to)) return null;
          const failed = await findShownFailure(success, subscriber);
          return failed === null ? null : recoveryCard(success, failed, links);
        },
      },
    );

  return async (platform, run, subscriber) => {
    const success =
      run.view.status === 'succeeded' ? run : isFailure(run) ? await runs.nextSuccess(run) : null;
    if (success === null) return;
    const key = `${success.view.workflowId} ${subscriber.to}`;
    await queue(key, () => post(platform, success, subscriber));
  };
};
