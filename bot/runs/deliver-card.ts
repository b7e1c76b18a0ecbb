import type { Card } from '../cards/card.ts';
import { ChatError } from '../platform/errors.ts';
import type { MessageRow } from '../store/message-rows.ts';
import { type Delivery, isLeftOut, sendOnce } from './deliver.ts';
import { type MessageBudget, priorities } from './message-budget.ts';

/** A card as one conversation has it now; `owed` when there was no room for mere progress. */
export interface CardState {
  readonly row: MessageRow;
  readonly owed: boolean;
}

/** What a message is to show. */
export interface Wanted {
  readonly card: Card;
  readonly hash: string;
  readonly milestone: string;
}

const maxReposts = 1;

type Deliver = (
  delivery: Delivery,
  budget: MessageBudget,
  row: MessageRow,
  wanted: Wanted,
) => Promise<CardState>;

const post: Deliver = async (delivery, budget, row, wanted) => {
  const { platform, messages } = delivery;
  const sent = await sendOnce(delivery, row, wanted.milestone, (maybePosted) =>
    budget.urgent(platform, row.conversation, priorities.card, () =>
      platform.post(row.conversation, wanted.card, {
        workflowId: row.workflowId,
        part: row.reposts === 0 ? row.part : `${row.part}-${row.reposts}`,
        deliveryUncertain: maybePosted,
      }),
    ),
  );
  if (sent.kind !== 'sent') return { row: { ...row, dropped: sent.kind === 'dropped' }, owed: false };
  // A message that was found again shows what it showed when it was lost.
  const found = row.maybePosted;
  const posted = {
    ...row,
    ref: sent.value,
    hash: found ? null : wanted.hash,
    milestone: found ? null : wanted.milestone,
    maybePosted: false,
    dropped: false,
  };
  await messages.save(posted);
  return found ? edit(delivery, budget, posted, wanted) : { row: posted, owed: false };
};

/** The card of this message was found deleted. */
export const replaceCard: Deliver = async (delivery, budget, row, wanted) => {
  const gone = { ...row, ref: null, hash: null, milestone: null };
  if (row.reposts >= maxReposts) {
    delivery.logger.info({ ...gone }, 'a card was deleted again; it is left out');
    const dropped = { ...gone, dropped: true };
    await delivery.messages.save(dropped);
    return { row: dropped, owed: false };
  }
  return post(delivery, budget, { ...gone, reposts: row.reposts + 1 }, wanted);
};

const edit: Deliver = async (delivery, budget, row, wanted) => {
  const { platform, messages, logger } = delivery;
  const { ref } = row;
  if (ref === null) return post(delivery, budget, row, wanted);
  if (row.milestone === wanted.milestone && !budget.spare(platform, row.conversation, ref))
    return { row, owed: true };
  const shown = { ...row, hash: wanted.hash, milestone: wanted.milestone };
  try {
    await budget.urgent(platform, row.conversation, priorities.card, () => platform.edit(ref, wanted.card));
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    if (error.kind === 'not_found') return replaceCard(delivery, budget, row, wanted);
    if (error.kind !== 'permanent') throw error;
    logger.warn(
      { ...row, error: error.message },
      `${row.conversation} does not take an edit; it is left out`,
    );
  }
  await messages.save(shown);
  return { row: shown, owed: false };
};

/** Makes a conversation's card show what is wanted: posts it, edits it, or leaves it when it does. */
export const deliverCard: Deliver = async (delivery, budget, row, wanted) => {
  const isShown = row.ref !== null && row.hash === wanted.hash;
  return isShown || isLeftOut(row, wanted.milestone)
    ? { row, owed: false }
    : edit(delivery, budget, row, wanted);
};
