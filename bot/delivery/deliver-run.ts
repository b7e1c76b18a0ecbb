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

/** Brings the card and the thread of one conversation up to date with a run. Throws `ChatError`. */
export type DeliverRun = (
  platform: Platform,
  run: LiveRun,
  audience: Audience,
) => Promise<Pick<CardState, 'progressDeferred'>>;

export const createRunDelivery = (deps: RunDeliveryDeps): DeliverRun => {
  const { messages, budget, links, openArtifact, logger } = deps;

  const withPlanFile = async (run: LiveRun, { post, withPlan }: PlannedPost): Promise<ThreadPost> => {
    const { plan, workflowId } = run.view;
    if (!withPlan || plan === null) return post;
    try {
      const { file, isTruncated } = await createPlanFile(workflowId, plan, openArtifact);
      const note = isTruncated ? '. The middle of the file is omitted; the console has the full plan.' : '';
      return { ...post, text: `${post.text}${note}`, file };
    } catch (err) {
      // The post matters more than its file, and the console has the plan.
      logger.warn({ workflowId, err }, 'reading the text of a plan failed; the thread post goes without it');
      return post;
    }
  };

  const deliverPost = async (
    context: DeliveryContext,
    card: CardState,
    row: MessageRow,
    post: ThreadPost,
    notificationKey: string,
  ) => {
    const { ref } = card.row;
    if (ref === null) return 'gone';
    const { workflowId, conversation, part } = row;
    const sent = await sendOnce(context, row, notificationKey, (deliveryUncertain) =>
      budget.enqueue(context.platform, conversation, priorities.thread, () =>
        context.platform.reply(ref, post, { workflowId, part, deliveryUncertain }),
      ),
    );
    if (sent.kind === 'sent')
      await messages.save({ ...row, ref, deliveryUncertain: false, suppressed: false });
    return sent.kind;
  };

  return async (platform, run, { to, events }) => {
    const { workflowId } = run.view;
    const rows = await messages.of(workflowId, to);
    const getRow = (part: string): MessageRow =>
      rows.get(part) ?? createMessageRow({ workflowId, conversation: to, part });
    if (events === 'failures' && !rows.has('card') && !isFailure(run)) return { progressDeferred: false };

    const context = { platform, messages, budget, logger };
    const card = runCard(run, links);
    const notificationKey = toNotificationKey(run);
    const content: CardContent = { card, hash: hashCard(card), notificationKey };
    let state = await deliverCard(context, getRow('card'), content);

    for (const planned of toThreadPosts(run, events)) {
      const row = getRow(planned.part);
      if (state.row.ref === null || row.ref !== null || isSuppressed(row, notificationKey)) continue;
      const post = await withPlanFile(run, planned);
      if ((await deliverPost(context, state, row, post, notificationKey)) !== 'gone') continue;
      state = await repostCard(context, state.row, content);
      await deliverPost(context, state, row, post, notificationKey);
    }
    return { progressDeferred: state.progressDeferred };
  };
};
