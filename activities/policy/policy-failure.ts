import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';

const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** No answer: nothing is applied, and it is asked again. */
export const policyUnavailable = (engine: string, cause: unknown) =>
  activityFailure({
    type: failureTypes.policyFailed,
    message: `checking the policy: ${engine} does not answer: ${wordsOf(cause)}`,
    hint: 'Look whether OPA is running and reachable from the worker, then retry.',
    retryable: true,
    cause,
  });

/** An answer that is none. A policy without a verdict must never pass for one that has no objection. */
export const policyFailed = (engine: string, why: string) =>
  activityFailure({
    type: failureTypes.policyFailed,
    message: `checking the policy: ${engine} gave no verdict: ${why}`,
    hint: 'Mend the rules (opa test shows what breaks), then retry.',
  });

/** What cannot be judged is not applied. */
export const planNotEvaluable = (why: string) =>
  activityFailure({
    type: failureTypes.policyFailed,
    message: `checking the policy: the plan cannot be judged: ${why}`,
    hint: 'Plan again: retry, or start a new run.',
  });
