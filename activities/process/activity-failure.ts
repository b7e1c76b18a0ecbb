import { asyncLocalStorage } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { type FailureDetails, type FailureType, failureTypes } from '../../workflows/contract/failure.ts';
import type { CommandResult } from './port.ts';

interface Failure extends Partial<FailureDetails> {
  readonly type: FailureType;
  /** The operation and the problem: "cloning web: no such repository". */
  readonly message: string;
  /** True only if a later attempt can succeed without a change by a person. Default false. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/**
 * A failure in the one shape that all activities use: message, type, and `FailureDetails` as first detail.
 * Temporal retries it only if `retryable` is true.
 */
export const activityFailure = ({
  type,
  message,
  retryable = false,
  cause,
  ...details
}: Failure): ApplicationFailure =>
  ApplicationFailure.create({
    type,
    message,
    nonRetryable: !retryable,
    details: [{ hint: null, tail: [], log: null, ...details } satisfies FailureDetails],
    ...(cause instanceof Error ? { cause } : {}),
  });

/** Whether the worker shuts down. Otherwise an aborted signal means that the activity was cancelled. */
const isWorkerStopping = (): boolean => {
  const signal = asyncLocalStorage.getStore()?.cancellationSignal;
  return (
    signal?.aborted === true && signal.reason instanceof Error && signal.reason.message === 'WORKER_SHUTDOWN'
  );
};

/**
 * Ends the activity if its command was stopped. Call it with the result of `runCommand`.
 * @throws CancelledFailure when the activity was cancelled.
 * @throws failureTypes.interrupted (retried) when the worker shuts down; another worker may repeat it.
 */
export const throwIfInterrupted = async (
  result: Pick<CommandResult, 'signalled'> & Partial<CommandResult>,
  operation: string,
): Promise<void> => {
  if (!result.signalled) return;
  if (!isWorkerStopping()) await asyncLocalStorage.getStore()?.cancelled;
  throw activityFailure({
    type: failureTypes.interrupted,
    message: `${operation}: interrupted by worker shutdown`,
    hint: 'Quarterdeck restarts this stage on the next available worker.',
    retryable: true,
    tail: result.tail ?? [],
    log: result.log ?? null,
  });
};
