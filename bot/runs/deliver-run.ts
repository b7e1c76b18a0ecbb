import type { Readable } from 'node:stream';
import type { Logger } from '../../runtime/logger.ts';
import type { ArtifactRef } from '../../workflows/contract/artifact.ts';
import type { Audience } from '../../workflows/contract/conversation.ts';
import type { CardLinks } from '../cards/run-buttons.ts';
import { runCard } from '../cards/run-card.ts';
import type { Platform, ThreadPost } from '../platform/platform.ts';
import { type MessageRow, type MessageRows, untried } from '../store/message-rows.ts';
import { type Delivery, isLeftOut, sendOnce } from './deliver.ts';
import { type CardState, deliverCard, replaceCard, type Wanted } from './deliver-card.ts';
import { type MessageBudget, priorities } from './message-budget.ts';
import { hashOf, milestoneOf } from './milestone.ts';
import { planFile } from './plan-file.ts';
import type { LiveRun } from './port.ts';
import { isFailure, type PlannedPost, threadPosts } from './thread-posts.ts';

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
) => Promise<{ readonly owed: boolean }>;

export const createRunDelivery = (deps: RunDeliveryDeps): DeliverRun => {
  const { messages, budget, links, openArtifact, logger } = deps;

  const withFile = async (run: LiveRun, { post, withPlan }: PlannedPost): Promise<ThreadPost> => {
    const { plan, workflowId } = run.view;
    if (!withPlan || plan === null) return post;
    try {
      const { file, isCut } = await planFile(workflowId, plan, openArtifact);
      const cut = isCut ? '. Its text is cut in the middle; the whole text is in the console.' : '';
      return { ...post, text: `${post.text}${cut}`, file };
    } catch (error) {
      // The plan stays in the console; that there is one must be said in any case.
      logger.warn({ workflowId, error: String(error) }, 'the text of a plan could not be read');
      return post;
    }
  };

  const add = async (
    delivery: Delivery,
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
      budget.urgent(delivery.platform, row.conversation, priorities.thread, () =>
        delivery.platform.reply(ref, post, {
          workflowId: row.workflowId,
          part: row.part,
          deliveryUncertain: maybePosted,
        }),
      ),
    );
    if (sent.kind === 'sent') await messages.save({ ...row, ref, maybePosted: false, dropped: false });
    return sent.kind;
  };

  return async (platform, run, { to, events }) => {
    const { workflowId } = run.view;
    const key = (part: string) => untried({ workflowId, conversation: to, part });
    const rows = await messages.of(workflowId, to);
    if (events === 'failures' && !rows.has('card') && !isFailure(run)) return { owed: false };

    const delivery = { platform, messages, logger };
    const card = runCard(run, links);
    const wanted: Wanted = { card, hash: hashOf(card), milestone: milestoneOf(run) };
    let state = await deliverCard(delivery, budget, rows.get('card') ?? key('card'), wanted);

    for (const planned of threadPosts(run, events)) {
      const row = rows.get(planned.part) ?? key(planned.part);
      if (state.row.ref === null || row.ref !== null || isLeftOut(row, wanted.milestone)) continue;
      const added = await add(delivery, state, row, run, planned, wanted.milestone);
      if (added !== 'gone') continue;
      state = await replaceCard(delivery, budget, state.row, wanted);
      await add(delivery, state, row, run, planned, wanted.milestone);
    }
    return { owed: state.owed };
  };
};
