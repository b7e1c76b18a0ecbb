import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/common';
import type { ApplyResult } from '../contract/activities.ts';
import { type FailureDetails, type FailureView, failureTypes } from '../contract/failure.ts';
import type { StageName } from '../contract/stage.ts';

const causeOf = (error: unknown): unknown =>
  error instanceof ActivityFailure && error.cause ? error.cause : error;

const isDetails = (value: unknown): value is Partial<FailureDetails> =>
  typeof value === 'object' && value !== null;

/** What an activity said besides its message, also when it was cancelled. */
export const detailsOf = (error: unknown): FailureDetails => {
  const cause = causeOf(error);
  const carried =
    cause instanceof ApplicationFailure || cause instanceof CancelledFailure ? cause.details : [];
  const first = carried?.[0];
  const { hint, tail, log, applied } = isDetails(first) ? first : {};
  return { hint: hint ?? null, tail: tail ?? [], log: log ?? null, ...(applied ? { applied } : {}) };
};

export const typeOf = (error: unknown): string | null => {
  const cause = causeOf(error);
  return cause instanceof ApplicationFailure ? (cause.type ?? null) : null;
};

const timeout = (
  stage: StageName,
  failure: TimeoutFailure,
): Pick<FailureView, 'type' | 'message' | 'hint'> =>
  failure.timeoutType === 'HEARTBEAT'
    ? {
        type: failureTypes.interrupted,
        message: `${stage}: the worker was lost while it was running`,
        hint: 'Look whether the worker is running, then retry.',
      }
    : {
        type: failureTypes.timedOut,
        message: `${stage}: took longer than it may`,
        hint: 'Look into its log for what it was waiting for, then retry.',
      };

/** What went wrong and what to do about it, in words. */
export const messageOf = (error: unknown): { readonly message: string; readonly hint: string | null } => {
  const cause = causeOf(error);
  return { message: cause instanceof Error ? cause.message : String(cause), hint: detailsOf(error).hint };
};

/** Why a stage failed, as a card shows it. */
export const describeFailure = (stage: StageName, error: unknown): FailureView => {
  const cause = causeOf(error);
  const details = detailsOf(error);
  if (cause instanceof TimeoutFailure) return { ...details, stage, ...timeout(stage, cause) };
  return { ...details, stage, type: typeOf(error) ?? 'Unexpected', message: messageOf(error).message };
};

const nothingDone: ApplyResult = { added: 0, changed: 0, destroyed: 0, done: 0, total: 0, finished: [] };

/**
 * What an apply did before it stopped; null when it never began. Only an activity that says so, or
 * was cancelled before it ran Terraform, has not begun: a worker that vanished may have done anything.
 * One that is interrupted later never counts as cancelled, so that it can say how far it came.
 */
export const appliedBefore = (error: unknown): ApplyResult | null => {
  if (!(error instanceof ActivityFailure) || typeOf(error) === failureTypes.stalePlan) return null;
  const { applied } = detailsOf(error);
  if (applied) return applied.total > 0 || applied.done > 0 ? applied : null;
  const { cause } = error;
  if (cause instanceof CancelledFailure) return null;
  return cause instanceof ApplicationFailure && isDetails(cause.details?.[0]) ? null : nothingDone;
};
