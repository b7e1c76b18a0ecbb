import type { Reply } from '../bot/platform/platform.ts';
import { shortId } from '../bot/text/short-id.ts';

/** Words after which a run goes on; a chat then shows its card, and a terminal does not. */
const going = new Set(['deploy', 'rollback', 'provision', 'retry']);

const notConfirmed = /^not confirmed\b/i;

/** What a terminal adds to an answer: nothing follows there by itself. */
export const getNextStep = (
  word: string,
  { card, workflowId }: Pick<Reply, 'card' | 'workflowId'>,
): string | null => {
  if (workflowId === undefined || card.tone === 'bad') return null;
  if (!going.has(word.toLowerCase().replace(/^\/+/, ''))) return null;
  return `Follow it with: npm run cli -- status ${shortId(workflowId)}`;
};

/** Whether a script may go on: a refusal and an answer that is not confirmed are no success. */
export const isSuccess = ({ card, workflowId }: Pick<Reply, 'card' | 'workflowId'>): boolean => {
  if (notConfirmed.test(card.title)) return false;
  // A refusal is about no run; a run that failed is an answer like any other.
  return card.tone !== 'bad' || workflowId !== undefined;
};
