import type { Card } from '../cards/card.ts';
import { ChatError } from '../platform/errors.ts';
import type { MessageRow } from '../store/message-rows.ts';
import { priorities } from './message-budget.ts';
import { type DeliveryContext, isSuppressed, sendOnce } from './send-once.ts';

/** The card of a run as one conversation shows it now. */
export interface CardState {
  readonly row: MessageRow;
  /** The rate limit did not allow an edit for mere progress. */
  readonly progressDeferred: boolean;
}

/** What the card should show. */
export interface CardContent {
  readonly card: Card;
  readonly hash: string;
  readonly notificationKey: string;
}

/** A deleted card is posted again this often. */
const maxReposts = 1;

type DeliverCard = (context: DeliveryContext, row: MessageRow, content: CardContent) => Promise<CardState>;

const upToDate = (row: MessageRow): CardState => ({ row, progressDeferred: false });

const postCard: DeliverCard = async (context, row, content) => {
  const { platform, messages, budget } = context;
  const sent = await sendOnce(context, row, content.notificationKey, (deliveryUncertain) =>
    budget.enqueue(platform, row.conversation, priorities.card, () =>
      platform.post(row.conversation, content.card, {
        workflowId: row.workflowId,
        part: row.reposts === 0 ? row.part : `${row.part}-${row.reposts}`,
        deliveryUncertain,
      }),
    ),
  );
  if (sent.kind !== 'sent') return upToDate({ ...row, suppressed: sent.kind === 'suppressed' });
  // A message that was found in the chat shows an older state.
  const wasFound = row.deliveryUncertain;
  const posted = {
    ...row,
    ref: sent.value,
    hash: wasFound ? null : content.hash,
    notificationKey: wasFound ? null : content.notificationKey,
    deliveryUncertain: false,
    suppressed: false,
  };
  await messages.save(posted);
  return wasFound ? editCard(context, posted, content) : upToDate(posted);
};

/** Posts the card again after a person deleted it. When it is deleted again, it stays away. */
export const repostCard: DeliverCard = async (context, row, content) => {
  const gone = { ...row, ref: null, hash: null, notificationKey: null };
  if (row.reposts >= maxReposts) {
    context.logger.info({ ...gone }, 'a card was deleted again; it is suppressed');
    const suppressed = { ...gone, suppressed: true };
    await context.messages.save(suppressed);
    return upToDate(suppressed);
  }
  return postCard(context, { ...gone, reposts: row.reposts + 1 }, content);
};

const editCard: DeliverCard = async (context, row, content) => {
  const { platform, messages, budget, logger } = context;
  const { ref } = row;
  if (ref === null) return postCard(context, row, content);
  const isProgress = row.notificationKey === content.notificationKey;
  if (isProgress && !budget.tryAcquireProgress(platform, row.conversation, ref))
    return { row, progressDeferred: true };
  try {
    await budget.enqueue(platform, row.conversation, priorities.card, () => platform.edit(ref, content.card));
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    if (error.kind === 'not_found') return repostCard(context, row, content);
    if (error.kind !== 'permanent') throw error;
    logger.warn({ ...row, err: error }, 'a conversation rejects the edit of a card; the edit is skipped');
  }
  const shown = { ...row, hash: content.hash, notificationKey: content.notificationKey };
  await messages.save(shown);
  return upToDate(shown);
};

/** Posts or edits a conversation's card, unless it shows this content or is suppressed. Throws `ChatError`. */
export const deliverCard: DeliverCard = async (context, row, content) => {
  const isShown = row.ref !== null && row.hash === content.hash;
  return isShown || isSuppressed(row, content.notificationKey)
    ? upToDate(row)
    : editCard(context, row, content);
};
