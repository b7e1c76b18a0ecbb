import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { UserError } from '../../platform/errors.ts';
import type { RetryBudget } from '../command.ts';

/** Cancelled, deadline exceeded, resource exhausted, aborted, unavailable: not an answer, so not a no. */
const unavailableCodes: ReadonlySet<unknown> = new Set([1, 4, 8, 10, 14]);

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

/** True when Temporal did not answer: whether it has taken what was asked is not known. */
export const isUnavailable = (error: unknown): boolean =>
  error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
  unavailableCodes.has(codeOf(error)) ||
  (error instanceof Error && error.cause !== undefined && isUnavailable(error.cause));

/** Tries until Temporal answers, one way or the other. What is tried must be harmless to repeat. */
export const retryWhileUnavailable = async <T>(
  patience: RetryBudget,
  attempt: () => Promise<T>,
  what: string,
): Promise<T> => {
  const until = Date.now() + patience.timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      if (patience.abortSignal.aborted || Date.now() >= until) throw notConfirmed(what, error);
    }
    // An abort only ends the wait; what is thrown is decided by the last attempt.
    await pause(patience.intervalMs, undefined, { signal: patience.abortSignal }).catch(() => undefined);
  }
};

const notConfirmed = (what: string, cause: unknown): UserError =>
  new UserError(`Temporal did not answer, so it is not known whether ${what}.`, {
    cause,
    outcome: 'unconfirmed',
    hint: 'Look with status before you ask again.',
  });
