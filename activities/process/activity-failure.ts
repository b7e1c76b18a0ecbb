import { ApplicationFailure } from '@temporalio/common';
import type { FailureDetails, FailureType } from '../../workflows/contract/failure.ts';

interface Failure extends Partial<FailureDetails> {
  readonly type: FailureType;
  /** What was being done and what went wrong: "cloning web: no such repository". */
  readonly message: string;
  /** Only what can succeed later without anybody doing anything. Default false. */
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
