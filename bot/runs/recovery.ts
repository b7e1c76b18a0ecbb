import type { Logger } from '../../runtime/logger.ts';
import type { Audience, Conversation } from '../../workflows/contract/conversation.ts';
import { recoveryCard } from '../cards/recovery-card.ts';
import type { CardLinks } from '../cards/run-buttons.ts';
import type { Platform } from '../platform/platform.ts';
import { type MessageRow, untried } from '../store/message-rows.ts';
import type { EndedRun } from '../store/run-rows.ts';
import type { Store } from '../store/store.ts';
import { audienceOf } from './audience.ts';
import { isLeftOut, sendOnce } from './deliver.ts';
import { type MessageBudget, priorities } from './message-budget.ts';
import { milestoneOf } from './milestone.ts';
import type { LiveRun } from './port.ts';
import { isFailure } from './thread-posts.ts';
import { createTurns } from './turns.ts';

export interface RecoveryDeps {
  readonly store: Pick<Store, 'runs' | 'messages'>;
  readonly budget: MessageBudget;
  readonly links: CardLinks;
  readonly logger: Logger;
}

/** A conversation that hears of failures, and all who follow the service beside it. */
interface FailureChannel {
  readonly to: Conversation;
  readonly subscribed: readonly Audience[];
}

/**
 * Tells a conversation in which a failure stands that a later run has succeeded; to be called after a
 * success, and after a failure too, which may have been told only when the success was known. Throws `ChatError`.
 */
export type TellRecovery = (platform: Platform, run: LiveRun, channel: FailureChannel) => Promise<void>;

const part = 'recovered';

export const createRecovery = ({ store, budget, links, logger }: RecoveryDeps): TellRecovery => {
  const { messages, runs } = store;
  const turns = createTurns<void>();

  const cardOf = async ({ view }: LiveRun, to: Conversation): Promise<MessageRow | undefined> =>
    (await messages.of(view.workflowId, to)).get('card');

  /** True when it will still be told, and what works again is told after that. */
  const isComing = ({ run, open }: EndedRun, row: MessageRow | undefined, channel: FailureChannel) =>
    open && !row?.dropped && audienceOf(run.view, channel.subscribed).some(({ to }) => to === channel.to);

  /** The last failure that stands in the conversation. */
  const lastTold = async (success: LiveRun, channel: FailureChannel): Promise<LiveRun | null> => {
    for (const ended of await runs.sinceLastSuccess(success)) {
      if (!isFailure(ended.run)) continue;
      const row = await cardOf(ended.run, channel.to);
      if (row?.ref != null && row.milestone === milestoneOf(ended.run)) return ended.run;
      if (isComing(ended, row, channel)) return null;
    }
    return null;
  };

  /** A run that failed there and was resumed has said it with its own card and thread. */
  const saysItself = async (success: LiveRun, to: Conversation): Promise<boolean> =>
    success.view.events.some(({ kind }) => kind === 'retried') && (await cardOf(success, to))?.ref != null;

  const tell = async (platform: Platform, success: LiveRun, channel: FailureChannel): Promise<void> => {
    const { to } = channel;
    const { workflowId } = success.view;
    const known = (await messages.of(workflowId, to)).get(part);
    const row = known ?? untried({ workflowId, conversation: to, part });
    const milestone = milestoneOf(success);
    if (row.ref !== null || isLeftOut(row, milestone) || (await saysItself(success, to))) return;
    const failed = await lastTold(success, channel);
    if (failed === null) return;
    const card = recoveryCard(success, failed, links);
    const sent = await sendOnce({ platform, messages, logger }, row, milestone, (maybePosted) =>
      budget.urgent(platform, to, priorities.card, () =>
        platform.post(to, card, { workflowId, part, deliveryUncertain: maybePosted }),
      ),
    );
    if (sent.kind === 'sent')
      await messages.save({ ...row, ref: sent.value, maybePosted: false, dropped: false });
  };

  return async (platform, run, channel) => {
    const success =
      run.view.status === 'succeeded' ? run : isFailure(run) ? await runs.nextSuccess(run) : null;
    if (success === null) return;
    const key = `${success.view.workflowId} ${channel.to}`;
    await turns(key, () => tell(platform, success, channel));
  };
};
