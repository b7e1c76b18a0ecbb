import { ApplicationFailure } from '@temporalio/common';
import { ChatError } from '../platform/errors.ts';

const waitOf = (failures: readonly unknown[]): number | null =>
  failures.reduce<number | null>((longest, failure) => {
    const asked = failure instanceof ChatError ? failure.retryAfterMs : null;
    return asked === null ? longest : Math.max(longest ?? 0, asked);
  }, null);

/** That not everybody could be told; Temporal tries again, not before the time that a chat asks for. */
export const toDeliveryFailure = (of: string, failures: readonly unknown[]): ApplicationFailure => {
  const [first] = failures;
  const wait = waitOf(failures);
  return ApplicationFailure.create({
    message: `telling people of ${of}: ${first instanceof Error ? first.message : String(first)}`,
    type: 'ChatUnavailable',
    ...(first instanceof Error ? { cause: first } : {}),
    ...(wait === null ? {} : { nextRetryDelay: wait }),
  });
};
