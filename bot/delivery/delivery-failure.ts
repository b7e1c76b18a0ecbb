import { ApplicationFailure } from '@temporalio/common';
import { ChatError } from '../platform/errors.ts';

const longestRetryAfterMs = (failures: readonly unknown[]): number | null =>
  failures.reduce<number | null>((longest, failure) => {
    const retryAfterMs = failure instanceof ChatError ? failure.retryAfterMs : null;
    return retryAfterMs === null ? longest : Math.max(longest ?? 0, retryAfterMs);
  }, null);

/** The failure of an activity that could not reach every conversation. Temporal retries it, and not before a
 * time that a chat names. */
export const toDeliveryFailure = (subject: string, failures: readonly unknown[]): ApplicationFailure => {
  const [first] = failures;
  const nextRetryDelay = longestRetryAfterMs(failures);
  return ApplicationFailure.create({
    message: `notifying conversations of ${subject}: ${first instanceof Error ? first.message : String(first)}`,
    type: 'ChatUnavailable',
    ...(first instanceof Error ? { cause: first } : {}),
    ...(nextRetryDelay === null ? {} : { nextRetryDelay }),
  });
};
