import type { Reply } from '../bot/platform/platform.ts';
import { shortId } from '../bot/text/run-name.ts';

const isRetry = (word: string): boolean => word.toLowerCase().replace(/^\/+/, '') === 'retry';

/** What a terminal adds to an answer: nothing follows there by itself. */
export const getNextStep = (
  word: string,
  { outcome, workflowId }: Pick<Reply, 'outcome' | 'workflowId'>,
): string | null => {
  const resumed = isRetry(word) && (outcome === 'accepted' || outcome === 'pending');
  if (workflowId === undefined || (outcome !== 'started' && !resumed)) return null;
  return `Follow it with: npm run cli -- status ${shortId(workflowId)}`;
};

/** Whether a script may go on: a refusal and an answer that is not confirmed are no success. */
export const isSuccess = ({ outcome }: Pick<Reply, 'outcome'>): boolean =>
  outcome !== 'refused' && outcome !== 'unconfirmed';
