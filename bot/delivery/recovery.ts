import type { Logger } from '../../runtime/logger.ts';
import type { Audience, Conversation } from '../../workflows/contract/conversation.ts';
import { recoveryCard } from '../cards/recovery-card.ts';
import type { CardLinks } from '../cards/run-buttons.ts';
import type { Platform } from '../platform/platform.ts';
import type { LiveRun } from '../runs/types.ts';
import { createMessageRow, type MessageRow } from '../store/message-rows.ts';
import type { EndedRun } from '../store/run-rows.ts';
import type { Store } from '../store/store.ts';
import { createKeyedQueue } from './keyed-queue.ts';
import { type MessageBudget, priorities } from './message-budget.ts';
import { toNotificationKey } from './notification-key.ts';
import { isSuppressed, sendOnce } from './send-once.ts';
import { getSubscribers } from './subscribers.ts';
import { isFailure } from './thread-posts.ts';

export interface RecoveryDeps {
  readonly store: Pick<Store, 'runs' | 'messages'>;
  readonly budget: MessageBudget;
  readonly links: CardLinks;
  readonly logger: Logger;
}

/** A conversation that hears of failures, and all who follow the service beside it. */
interface FailureSubscriber {
  readonly to: Conversation;
  readonly subscribed: readonly Audience[];
}

/**
 * Tells a conversation in which a failure stands that a later run has succeeded; to be called after a
 * success, and after a failure too, which may have been told only when the success was known. Throws `ChatError`.
 */
export type PostRecovery = (platform: Platform, run: LiveRun, channel: FailureSubscriber) => Promise<void>;

const part = 'recovered';

export const createRecovery = ({ store, budget, links, logger }: RecoveryDeps): PostRecovery => {
  const { messages, runs } = store;
  const turns = createKeyedQueue<void>();

  const cardOf = async ({ view }: LiveRun, to: Conversation): Promise<MessageRow | undefined> =>
    (await messages.of(view.workflowId, to)).get('card');

  /** True when it will still be told, and what works again is told after that. */
  const isComing = ({ run, open }: EndedRun, row: MessageRow | undefined, channel: FailureSubscriber) =>
    open &&
    !row?.suppressed &&
    getSubscribers(run.view, channel.subscribed).some(({ to }) => to === channel.to);

  /** The last failure that stands in the conversation. */
  const lastTold = async (success: LiveRun, channel: FailureSubscriber): Promise<LiveRun | null> => {
    for (const ended of await runs.sinceLastSuccess(success)) {
      if (!isFailure(ended.run)) continue;
      const row = await cardOf(ended.run, channel.to);
      if (row?.ref != null && row.notificationKey === toNotificationKey(ended.run)) return ended.run;
      if (isComing(ended, row, channel)) return null;
    }
    return null;
  };

  /** A run that failed there and was resumed has said it with its own card and thread. */
  const saysItself = async (success: LiveRun, to: Conversation): Promise<boolean> =>
    success.view.events.some(({ kind }) => kind === 'retried') && (await cardOf(success, to))?.ref != null;

  const tell = async (platform: Platform, success: LiveRun, channel: FailureSubscriber): Promise<void> => {
    const { to } = channel;
    const { workflowId } = success.view;
    const known = (await messages.of(workflowId, to)).get(part);
    const row = known ?? createMessageRow({ workflowId, conversation: to, part });
    const milestone = toNotificationKey(success);
    if (row.ref !== null || isSuppressed(row, milestone) || (await saysItself(success, to))) return;
    const failed = await lastTold(success, channel);
    if (failed === null) return;
    const card = recoveryCard(success, failed, links);
    const sent = await sendOnce({ platform, messages, logger }, row, milestone, (maybePosted) =>
      budget.enqueue(platform, to, priorities.card, () =>
        platform.post(to, card, { workflowId, part, deliveryUncertain: maybePosted }),
      ),
    );
    if (sent.kind === 'sent')
      await messages.save({ ...row, ref: sent.value, deliveryUncertain: false, suppressed: false });
  };

  return async (platform, run, channel) => {
    const success =
      run.view.status === 'succeeded' ? run : isFailure(run) ? await runs.nextSuccess(run) : null;
    if (success === null) return;
    const key = `${success.view.workflowId} ${channel.to}`;
    await turns(key, () => tell(platform, success, channel));
  };
};
