import { errorCard } from '../cards/notice-cards.ts';
import { UserError } from './errors.ts';
import type { Reply } from './platform.ts';

/** A reply to the sender alone. Nothing was done, unless the error says that it may have been. */
export const toErrorReply = (error: UserError | string): Reply => {
  const { message, hint, outcome } = typeof error === 'string' ? new UserError(error) : error;
  return { card: errorCard(message, hint), outcome, visibility: 'ephemeral' };
};
