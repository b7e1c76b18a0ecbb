import type { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { activityFailure } from '../process/activity-failure.ts';

const toMessage = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** The engine did not respond: `policyFailed`, retried. Nothing is applied until it does. */
export const policyUnavailable = (engine: string, cause: unknown): ApplicationFailure =>
  activityFailure({
    type: failureTypes.policyFailed,
    message: `checking the policy: ${engine} is not responding: ${toMessage(cause)}`,
    hint: 'Check that OPA is running and that the worker can reach it, then `retry`.',
    retryable: true,
    cause,
  });

/**
 * The engine returned no valid verdict: `policyFailed`, not retried. A policy without a verdict must never count as
 * a policy without violations.
 */
export const policyFailed = (engine: string, reason: string): ApplicationFailure =>
  activityFailure({
    type: failureTypes.policyFailed,
    message: `checking the policy: ${engine} returned no verdict: ${reason}`,
    hint: 'Fix the rules (`opa test` shows what fails), then `retry`.',
  });

/** The plan is incomplete or unreadable: `policyFailed`, not retried. */
export const planNotEvaluable = (reason: string): ApplicationFailure =>
  activityFailure({
    type: failureTypes.policyFailed,
    message: `checking the policy: cannot evaluate the plan: ${reason}`,
    hint: 'Plan again: `retry`, or start a new run.',
  });
