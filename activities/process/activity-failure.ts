import { asyncLocalStorage } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { type FailureDetails, type FailureType, failureTypes } from '../../workflows/contract/failure.ts';
import type { CommandResult } from './port.ts';

/** Whether the activity was stopped because its worker goes away, and not because somebody cancelled it. */
const isWorkerStopping = (): boolean => {
  const signal = asyncLocalStorage.getStore()?.cancellationSignal;
  return (
    signal?.aborted === true && signal.reason instanceof Error && signal.reason.message === 'WORKER_SHUTDOWN'
  );
};

/**
 * Call it with what `runCommand` returned. A command that we stopped ends its activity: as cancelled
 * when somebody cancelled it, as a failure that another worker may repeat when this worker goes away.
 */
export const throwIfInterrupted = async (
  result: Pick<CommandResult, 'signalled'> & Partial<CommandResult>,
  operation: string,
): Promise<void> => {
  if (!result.signalled) return;
  if (!isWorkerStopping()) await asyncLocalStorage.getStore()?.cancelled;
  throw activityFailure({
    type: failureTypes.interrupted,
    message: `${operation}: the worker was stopped meanwhile`,
    hint: 'It is begun again on the next worker.',
    retryable: true,
    tail: result.tail ?? [],
    log: result.log ?? null,
  });
};

interface Failure extends Partial<FailureDetails> {
  readonly type: FailureType;
  /** What was being done and what went wrong: "cloning web: no such repository". */
  readonly message: string;
  /** Only what can succeed later without anyone doing anything. Default false. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** The one shape in which an activity fails: message, type, and `FailureDetails` as first detail. */
export const activityFailure = ({ type, message, retryable = false, cause, ...details }: Failure) =>
  ApplicationFailure.create({
    type,
    message,
    nonRetryable: !retryable,
    details: [{ hint: null, tail: [], log: null, ...details } satisfies FailureDetails],
    ...(cause instanceof Error ? { cause } : {}),
  });
