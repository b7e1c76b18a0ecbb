import type { Logger } from '../../runtime/logger.ts';
import type { Conversation } from '../../workflows/contract/conversation.ts';
import type { Card } from '../cards/card.ts';
import { ChatError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { createMessageRow, type MessageRow, type MessageRows } from '../store/message-rows.ts';
import { type MessageBudget, priorities } from './message-budget.ts';

/** What sending to one platform needs. */
export interface DeliveryContext {
  readonly platform: Platform;
  readonly messages: MessageRows;
  readonly budget: MessageBudget;
  readonly logger: Logger;
}

/** `gone`: the message that this one belongs to was deleted. `suppressed`: the chat rejected it for good. */
export type SendResult<T> =
  | { readonly kind: 'sent'; readonly value: T }
  | { readonly kind: 'gone' | 'suppressed' };

/** True for a message that the chat rejected at this notification. The next notification tries again. */
export const isSuppressed = (row: MessageRow, notificationKey: string): boolean =>
  row.suppressed && (row.notificationKey === null || row.notificationKey === notificationKey);

/**
 * Sends a message that must not be sent twice. The uncertainty is stored before the message is sent, so when the
 * bot dies in between, the next attempt searches the chat first. What the chat rejects for good is suppressed
 * until the notification key changes. Throws `ChatError` for what a retry can solve.
 */
export const sendOnce = async <T>(
  { messages, logger }: DeliveryContext,
  row: MessageRow,
  notificationKey: string,
  send: (deliveryUncertain: boolean) => Promise<T>,
): Promise<SendResult<T>> => {
  await messages.save({ ...row, deliveryUncertain: true });
  try {
    return { kind: 'sent', value: await send(row.deliveryUncertain) };
  } catch (error) {
    if (!(error instanceof ChatError) || error.kind === 'uncertain') throw error;
    if (error.kind === 'permanent') {
      logger.warn(
        { ...row, err: error },
        'a conversation rejects this message; suppressed until the next notification',
      );
      await messages.save({ ...row, notificationKey, suppressed: true, deliveryUncertain: false });
      return { kind: 'suppressed' };
    }
    await messages.save(row);
    if (error.kind === 'not_found') return { kind: 'gone' };
    throw error;
  }
};

/** A card that is posted once and never edited. */
interface Notice {
  /** The run, or the key of a drift report. */
  readonly workflowId: string;
  readonly to: Conversation;
  readonly part: string;
  readonly notificationKey: string;
  /** null when there is nothing to post after all. */
  readonly getCard: () => Promise<Card | null>;
}

/** Posts a card into a conversation, unless it was posted before or is suppressed. Throws `ChatError`. */
export const postNotice = async (context: DeliveryContext, notice: Notice): Promise<void> => {
  const { platform, messages, budget } = context;
  const { workflowId, to, part, notificationKey } = notice;
  const known = (await messages.of(workflowId, to)).get(part);
  const row = known ?? createMessageRow({ workflowId, conversation: to, part });
  if (row.ref !== null || isSuppressed(row, notificationKey)) return;
  const card = await notice.getCard();
  if (card === null) return;
  const sent = await sendOnce(context, row, notificationKey, (deliveryUncertain) =>
    budget.enqueue(platform, to, priorities.card, () =>
      platform.post(to, card, { workflowId, part, deliveryUncertain }),
    ),
  );
  if (sent.kind === 'sent')
    await messages.save({ ...row, ref: sent.value, deliveryUncertain: false, suppressed: false });
};
