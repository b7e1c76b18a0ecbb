import type { Logger } from '../../runtime/logger.ts';
import { ChatError } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { MessageRow, MessageRows } from '../store/message-rows.ts';

/** One message on its way to one conversation. */
export interface Delivery {
  readonly platform: Platform;
  readonly messages: MessageRows;
  readonly logger: Logger;
}

/** The message after it; `gone` when what it belongs to was deleted. */
export type Sent<T> = { readonly kind: 'sent'; readonly value: T } | { readonly kind: 'gone' | 'dropped' };

/** False for what the chat refused before the last milestone: somebody may have mended it since. */
export const isLeftOut = ({ dropped, milestone }: MessageRow, wanted: string): boolean =>
  dropped && (milestone === null || milestone === wanted);

/**
 * Sends something that must not be sent twice. That it may have arrived is written down before it is
 * sent, so that a death of the bot in between makes the next try look first. What the chat refuses is
 * left out for as long as this milestone lasts.
 */
export const sendOnce = async <T>(
  { messages, logger }: Delivery,
  row: MessageRow,
  milestone: string,
  send: (maybePosted: boolean) => Promise<T>,
): Promise<Sent<T>> => {
  await messages.save({ ...row, maybePosted: true });
  try {
    return { kind: 'sent', value: await send(row.maybePosted) };
  } catch (error) {
    if (!(error instanceof ChatError) || error.kind === 'uncertain') throw error;
    if (error.kind === 'permanent') {
      logger.warn(
        { ...row, error: error.message },
        `${row.conversation} does not take a message; it is left out until there is something new to tell`,
      );
      await messages.save({ ...row, milestone, dropped: true, maybePosted: false });
      return { kind: 'dropped' };
    }
    await messages.save(row);
    if (error.kind === 'not_found') return { kind: 'gone' };
    throw error;
  }
};
