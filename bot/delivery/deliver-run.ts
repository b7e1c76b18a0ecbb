import type { Readable } from 'node:stream';
import type { Logger } from '../../runtime/logger.ts';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import type { Audience } from '../../workflows/contract/conversation.ts';
import type { CardLinks } from '../cards/run-buttons.ts';
import { runCard } from '../cards/run-card.ts';
import type { Platform, ThreadPost } from '../platform/platform.ts';
import type { LiveRun } from '../runs/types.ts';
import { createMessageRow, type MessageRow, type MessageRows } from '../store/message-rows.ts';
import { type CardContent, type CardState, deliverCard, repostCard } from './deliver-card.ts';
import { type MessageBudget, priorities } from './message-budget.ts';
import { hashCard, toNotificationKey } from './notification-key.ts';
import { createPlanFile } from './plan-file.ts';
import { type DeliveryContext, isSuppressed, sendOnce } from './send-once.ts';
import { isFailure, type PlannedPost, toThreadPosts } from './thread-posts.ts';

export interface RunDeliveryDeps {
  readonly messages: MessageRows;
  readonly budget: MessageBudget;
  readonly links: CardLinks;
  readonly openArtifact: (ref: ArtifactRef) => Promise<Readable>;
  readonly logger: Logger;
}

/** Brings one conversation up to date with a run; `owed` when progress had to wait. Throws `ChatError`. */
export type DeliverRun = (
  platform: Platform,
  run: LiveRun,
  audience: Audience,
) => Promise<{ readonly progressDeferred: boolean }>;

export const createRunDelivery = (deps: RunDeliveryDeps): DeliverRun => {
  const { messages, budget, links, openArtifact, logger } = deps;

  const withFile = async (run: LiveRun, { post, withPlan }: PlannedPost): Promise<ThreadPost> => {
    const { plan, workflowId } = run.view;
    if (!withPlan || plan === null) return post;
    try {
      const { file, isCut } = await createPlanFile(workflowId, plan, openArtifact);
      const cut = isCut ? '. Its text is cut in the middle; the whole text is in the console.' : '';
      return { ...post, text: `${post.text}${cut}`, file };
    } catch (error) {
      // The plan stays in the console; that there is one must be said in any case.
      logger.warn({ workflowId, error: String(error) }, 'the text of a plan could not be read');
      return post;
    }
  };

  const add = async (
    delivery: DeliveryContext,
    state: CardState,
    row: MessageRow,
    run: LiveRun,
    planned: PlannedPost,
    milestone: string,
  ) => {
    const { ref } = state.row;
    if (ref === null) return 'gone' as const;
    const post = await withFile(run, planned);
    const sent = await sendOnce(delivery, row, milestone, (maybePosted) =>
      budget.enqueue(delivery.platform, row.conversation, priorities.thread, () =>
        delivery.platform.reply(ref, post, {
          workflowId: row.workflowId,
          part: row.part,
          deliveryUncertain: maybePosted,
        }),
      ),
    );
    if (sent.kind === 'sent')
      await messages.save({ ...row, ref, deliveryUncertain: false, suppressed: false });
    return sent.kind;
  };

  return async (platform, run, { to, events }) => {
    const { workflowId } = run.view;
    const key = (part: string) => createMessageRow({ workflowId, conversation: to, part });
    const rows = await messages.of(workflowId, to);
    if (events === 'failures' && !rows.has('card') && !isFailure(run)) return { progressDeferred: false };

    const delivery = { platform, messages, logger };
    const card = runCard(run, links);
    const wanted: CardContent = { card, hash: hashCard(card), notificationKey: toNotificationKey(run) };
    let state = await deliverCard(delivery, budget, rows.get('card') ?? key('card'), wanted);

    for (const planned of toThreadPosts(run, events)) {
      const row = rows.get(planned.part) ?? key(planned.part);
      if (state.row.ref === null || row.ref !== null || isSuppressed(row, wanted.notificationKey)) continue;
      const added = await add(delivery, state, row, run, planned, wanted.notificationKey);
      if (added !== 'gone') continue;
      state = await repostCard(delivery, budget, state.row, wanted);
      await add(delivery, state, row, run, planned, wanted.notificationKey);
    }
    return { progressDeferred: state.progressDeferred };
  };
};
