import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { DecisionAnswer, DecisionRequest, KeyedDecisionRequest } from './decision.ts';
import type { PlanSummary } from './plan.ts';
import type { RunStatus } from './run-status.ts';
import type { RunView } from './run-view.ts';

// The message API of every run: deploy, provision and destroy. Any Temporal client can send these messages; the names
// are part of the API. The workflow is the authority on who may do what. A message for a run that Temporal has closed
// fails with Temporal's own `WorkflowNotFoundError`.
//
// Updates answer with the run's new status. An update is idempotent by its update ID: the same ID gets the first
// answer again and changes nothing. A refused update changes nothing, is not in the history, and fails with a
// `refusalTypes` value as the type of the `ApplicationFailure`. All updates refuse with `BadRequest` when `by` is missing.
//
// Signals are for clients that cannot wait, and for terminals. They answer nothing: what a refused signal asked for is
// recorded as the event `not_counted`. A signal is idempotent by its `key`; give it the ID of the update that it repeats.
// A signal without `by` names no person. Then the sender is `anonymous` when the catalog names no approvers, else refused.

/**
 * Approves the plan. Who: an approver other than the requester, unless the approval rule allows self-approval.
 * Answers `counted: true` with "approved" or "approved, 1 of 2"; `counted: false` when this person already approved, or
 * the request was already decided.
 * Refusals: `NotWaiting` (no approval request is open), `StalePlan` (`planDigest` names another plan), `Expired`,
 * `NotAllowed`, `ReasonMissing` (a soft policy violation, and no reason).
 */
export const approveApplyUpdate = defineUpdate<DecisionAnswer, [DecisionRequest]>('approve_apply');

/**
 * Denies the plan, which ends the run. Who: an approver. Needs a reason. Answers `counted: true` with "denied: …".
 * `counted: false` when the request was already decided.
 * Refusals: `NotWaiting`, `StalePlan`, `Expired`, `NotAllowed`, `ReasonMissing`.
 */
export const denyApplyUpdate = defineUpdate<DecisionAnswer, [DecisionRequest]>('deny_apply');

/**
 * Cancels the run: running stages stop, and what was applied stays applied. Who: the requester or an approver.
 * Answers `counted: true` with "cancelling"; `counted: false` when a cancellation is already in progress or done.
 * Refusals: `NotWaiting` (the run has ended), `NotAllowed`.
 */
export const cancelUpdate = defineUpdate<DecisionAnswer, [DecisionRequest]>('cancel');

/**
 * Resumes a failed run at the failed stage, until `RunView.retryUntil`. Who: the requester or an approver.
 * Answers `counted: true` with "retrying". The run queues for its environment again.
 * Refusals: `NotWaiting` (the run has not failed, or the time to retry is over), `NotAllowed`.
 */
export const retryUpdate = defineUpdate<DecisionAnswer, [DecisionRequest]>('retry');

/** Approves, as `approveApplyUpdate`. Without a reason, "no reason given" is recorded against a soft policy violation. */
export const approveApplySignal = defineSignal<[KeyedDecisionRequest?]>('approve_apply');

/** Denies, as `denyApplyUpdate`. A plain string is the reason. Without a reason, "no reason given" is recorded. */
export const denyApplySignal = defineSignal<[(string | KeyedDecisionRequest)?]>('deny_apply');

/** Cancels, as `cancelUpdate`. */
export const cancelSignal = defineSignal<[KeyedDecisionRequest?]>('cancel');

/** Retries, as `retryUpdate`. */
export const retrySignal = defineSignal<[KeyedDecisionRequest?]>('retry');

/**
 * The former name of `approveApplySignal`, with the payload `name` or `{name}`: an approver's work email, or its part
 * before the @ when that is unambiguous. Anyone can write any name, and the message has no key, so a repeat counts as
 * a second request.
 * @deprecated Kept for existing scripts. Use `approveApplyUpdate`, which names a person, a plan and an ID.
 */
export const approveSignal = defineSignal<[string | { readonly name: string }]>('approve');

/** The run's status. Anyone may ask, as for all queries; a query needs a running worker. */
export const statusQuery = defineQuery<RunStatus>('get_current_status');

/** Progress in percent, 0 to 100. 100 only when the run succeeded or found no changes. */
export const progressQuery = defineQuery<number>('get_progress');

/** The current plan's summary; null before there is one. */
export const planQuery = defineQuery<PlanSummary | null>('get_plan');

/** The reason of the newest approval, denial or cancellation; null when it has none. */
export const signalReasonQuery = defineQuery<string | null>('get_signal_reason');

/** Everything about the run. Read the answer with `readRunView`: a run of an earlier version uses former names. */
export const runQuery = defineQuery<RunView>('get_run');
