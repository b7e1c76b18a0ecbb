import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { UserError } from '../../platform/errors.ts';

/** Cancelled, deadline exceeded, resource exhausted, aborted, unavailable. @see https://grpc.io/docs/guides/status-codes/ */
const unavailableCodes: ReadonlySet<unknown> = new Set([1, 4, 8, 10, 14]);

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

/** True when Temporal gave no answer: it may or may not have accepted the request. */
export const isUnavailable = (error: unknown): boolean =>
  error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
  unavailableCodes.has(codeOf(error)) ||
  (error instanceof Error && error.cause !== undefined && isUnavailable(error.cause));

/** How long a change is retried while Temporal is unavailable. */
export interface RetryBudget {
  readonly timeoutMs: number;
  readonly intervalMs: number;
  /** Ends the retries early: the bot is stopping. */
  readonly abortSignal: AbortSignal;
}

/** For one request to Temporal, in milliseconds. */
export const requestTimeoutMs = 2000;

/** Retries until Temporal answers, or the budget is used up. The attempt must be safe to repeat. */
export const retryWhileUnavailable = async <T>(
  budget: RetryBudget,
  attempt: () => Promise<T>,
  what: string,
): Promise<T> => {
  const until = Date.now() + budget.timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      if (budget.abortSignal.aborted || Date.now() >= until) throw notConfirmed(what, error);
    }
    // An abort ends only the pause: the result of the last attempt is what is thrown.
    await pause(budget.intervalMs, undefined, { signal: budget.abortSignal }).catch(() => undefined);
  }
};

const notConfirmed = (what: string, cause: unknown): UserError =>
  new UserError(`Temporal didn't answer, so Quarterdeck can't tell whether ${what}.`, {
    cause,
    outcome: 'unconfirmed',
    hint: 'Check with status before you retry.',
  });
