import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/common';
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { ApplyResult, StageResult } from '../contract/activities.ts';
import { type FailureDetails, type FailureView, failureTypes } from '../contract/failure.ts';
import type { StageName } from '../contract/stage.ts';
import type { Cancellation } from './cancellation.ts';
import type { RunState } from './run.ts';

const causeOf = (error: unknown): unknown =>
  error instanceof ActivityFailure && error.cause ? error.cause : error;

const isDetails = (value: unknown): value is Partial<FailureDetails> =>
  typeof value === 'object' && value !== null;

/** What an activity said besides its message, also when it was cancelled. */
export const getFailureDetails = (error: unknown): FailureDetails => {
  const cause = causeOf(error);
  const carried =
    cause instanceof ApplicationFailure || cause instanceof CancelledFailure ? cause.details : [];
  const first = carried?.[0];
  const { hint, tail, log, applied } = isDetails(first) ? first : {};
  return { hint: hint ?? null, tail: tail ?? [], log: log ?? null, ...(applied ? { applied } : {}) };
};

export const getFailureType = (error: unknown): string | null => {
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
export const getFailureMessage = (
  error: unknown,
): { readonly message: string; readonly hint: string | null } => {
  const cause = causeOf(error);
  return {
    message: cause instanceof Error ? cause.message : String(cause),
    hint: getFailureDetails(error).hint,
  };
};

/** Why a stage failed, as a card shows it. */
export const describeFailure = (stage: StageName, error: unknown): FailureView => {
  const cause = causeOf(error);
  const details = getFailureDetails(error);
  if (cause instanceof TimeoutFailure) return { ...details, stage, ...timeout(stage, cause) };
  return {
    ...details,
    stage,
    type: getFailureType(error) ?? 'Unexpected',
    message: getFailureMessage(error).message,
  };
};

const nothingDone: ApplyResult = { added: 0, changed: 0, destroyed: 0, done: 0, total: 0, finished: [] };

/**
 * What an apply did before it stopped; null when it never began. Only an activity that says so, or
 * was cancelled before it ran Terraform, has not begun: a worker that vanished may have done anything.
 * One that is interrupted later never counts as cancelled, so that it can say how far it came.
 */
export const getPartialApply = (error: unknown): ApplyResult | null => {
  if (!(error instanceof ActivityFailure) || getFailureType(error) === failureTypes.stalePlan) return null;
  const { applied } = getFailureDetails(error);
  if (applied) return applied.total > 0 || applied.done > 0 ? applied : null;
  const { cause } = error;
  if (cause instanceof CancelledFailure) return null;
  return cause instanceof ApplicationFailure && isDetails(cause.details?.[0]) ? null : nothingDone;
};

/** Runs one stage and keeps its row: when, how it ended, its last lines. */
export const createStageRunner = (run: RunState, cancellation: Cancellation) => {
  const whyStopped = (): string => {
    if (cancellation.request)
      return `cancelled by ${cancellation.request.by?.name ?? 'somebody in Temporal'}`;
    return `stopped, because ${run.view.failure?.stage ?? 'another stage'} failed`;
  };

  return async <Result extends object>(
    name: StageName,
    work: (attempt: number) => Promise<Result>,
    describe?: (result: Result) => string,
  ): Promise<Result> => {
    const attempt = run.stages.begin(name);
    try {
      const result = await work(attempt);
      const said: Partial<StageResult> = result;
      const row = describe ? { ...said, detail: describe(result) } : said;
      run.stages.end(name, { ...row, state: 'succeeded' });
      return result;
    } catch (error) {
      const stopping = CancellationScope.current().consideredCancelled;
      const failure = describeFailure(name, error);
      // What is stopped may end with an error of its own: Terraform that is interrupted, a lost worker.
      const wasStopped = name === 'terraform_apply' || failure.type === failureTypes.interrupted;
      if (isCancellation(error) || (stopping && wasStopped)) {
        run.stages.end(name, { ...getFailureDetails(error), state: 'cancelled', detail: whyStopped() });
      } else {
        run.stages.end(name, { ...failure, state: 'failed', detail: failure.message });
        if (!run.view.failure) run.set({ failure });
      }
      throw error;
    }
  };
};

export type RunStage = ReturnType<typeof createStageRunner>;
