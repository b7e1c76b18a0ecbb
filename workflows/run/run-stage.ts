import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/common';
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { ApplyResult, StageResult } from '../contract/activities.ts';
import { type FailureDetails, type FailureView, failureTypes } from '../contract/failure.ts';
import type { StageName } from '../contract/stage.ts';
import type { Cancellation } from './attempt.ts';
import type { RunState } from './run-state.ts';

const getCause = (error: unknown): unknown =>
  error instanceof ActivityFailure && error.cause ? error.cause : error;

const isDetails = (value: unknown): value is Partial<FailureDetails> =>
  typeof value === 'object' && value !== null;

/** The details that an activity attached to its failure or cancellation; empty ones when it attached none. */
export const getFailureDetails = (error: unknown): FailureDetails => {
  const cause = getCause(error);
  const attached =
    cause instanceof ApplicationFailure || cause instanceof CancelledFailure ? cause.details : [];
  const first = attached?.[0];
  const { hint, tail, log, applied } = isDetails(first) ? first : {};
  return { hint: hint ?? null, tail: tail ?? [], log: log ?? null, ...(applied ? { applied } : {}) };
};

/** The type of the `ApplicationFailure` behind an error; null for other errors. */
export const getFailureType = (error: unknown): string | null => {
  const cause = getCause(error);
  return cause instanceof ApplicationFailure ? (cause.type ?? null) : null;
};

const describeTimeout = (
  stage: StageName,
  failure: TimeoutFailure,
): Pick<FailureView, 'type' | 'message' | 'hint'> =>
  failure.timeoutType === 'HEARTBEAT'
    ? {
        type: failureTypes.interrupted,
        message: `${stage}: worker connection lost (heartbeat timeout)`,
        hint: 'Check the worker, then `retry`.',
      }
    : {
        type: failureTypes.timedOut,
        message: `${stage}: timed out`,
        hint: 'Check its log, then `retry`.',
      };

/** The problem and the next step, as sentences. */
export const getFailureMessage = (
  error: unknown,
): { readonly message: string; readonly hint: string | null } => {
  const cause = getCause(error);
  return {
    message: cause instanceof Error ? cause.message : String(cause),
    hint: getFailureDetails(error).hint,
  };
};

/** Why a stage failed, as a card shows it. */
export const describeFailure = (stage: StageName, error: unknown): FailureView => {
  const cause = getCause(error);
  const details = getFailureDetails(error);
  if (cause instanceof TimeoutFailure) return { ...details, stage, ...describeTimeout(stage, cause) };
  return {
    ...details,
    stage,
    type: getFailureType(error) ?? failureTypes.unexpected,
    message: getFailureMessage(error).message,
  };
};

const nothingDone: ApplyResult = { added: 0, changed: 0, destroyed: 0, done: 0, total: 0, finished: [] };

/**
 * What an apply did before it stopped; null when Terraform never started. An apply counts as not started only when
 * its activity reports that, or was cancelled before Terraform ran. After a lost worker, anything is possible.
 */
export const getPartialApply = (error: unknown): ApplyResult | null => {
  if (!(error instanceof ActivityFailure) || getFailureType(error) === failureTypes.stalePlan) return null;
  const { applied } = getFailureDetails(error);
  if (applied) return applied.total > 0 || applied.done > 0 ? applied : null;
  const { cause } = error;
  if (cause instanceof CancelledFailure) return null;
  return cause instanceof ApplicationFailure && isDetails(cause.details?.[0]) ? null : nothingDone;
};

/** Runs one stage and updates its row: times, outcome, last log lines. `describe` overrides the row's detail. */
export type RunStage = <Result extends object>(
  name: StageName,
  work: (attempt: number) => Promise<Result>,
  describe?: (result: Result) => string,
) => Promise<Result>;

export const createStageRunner = (run: RunState, cancellation: Cancellation): RunStage => {
  const describeStop = (): string => {
    const { current } = cancellation;
    if (current) return current.by ? `cancelled by ${current.by.name}` : 'cancelled in Temporal';
    return `stopped, because ${run.view.failure?.stage ?? 'another stage'} failed`;
  };

  return async (name, work, describe) => {
    const attempt = run.stages.begin(name);
    try {
      const result = await work(attempt);
      const stageResult: Partial<StageResult> = result;
      const row = describe ? { ...stageResult, detail: describe(result) } : stageResult;
      run.stages.end(name, { ...row, state: 'succeeded' });
      return result;
    } catch (error) {
      const isStopping = CancellationScope.current().consideredCancelled;
      const failure = describeFailure(name, error);
      // A stopped stage can fail with its own error: an interrupted Terraform, a lost worker.
      const wasStopped = name === 'terraform_apply' || failure.type === failureTypes.interrupted;
      if (isCancellation(error) || (isStopping && wasStopped)) {
        run.stages.end(name, { ...getFailureDetails(error), state: 'cancelled', detail: describeStop() });
      } else {
        run.stages.end(name, { ...failure, state: 'failed', detail: failure.message });
        if (!run.view.failure) run.set({ failure });
      }
      throw error;
    }
  };
};
