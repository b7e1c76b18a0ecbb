/**
 * Every status of a run, in the order in which a run can pass through them.
 * - `queued`: waits for the environment lock, before the first attempt and before each retry.
 * - `running`: executes the stages before the approval.
 * - `awaiting_approval`: has a plan, and waits for the decision or the expiry of the request.
 * - `applying`: is approved or needs no approval, and applies.
 * - `succeeded`: applied the plan; ended.
 * - `no_changes`: had nothing to deploy or to apply; ended.
 * - `denied`: an approver denied the plan; ended, nothing was applied.
 * - `expired`: no decision came in time; ended, nothing was applied.
 * - `cancelled`: was cancelled by a person or in Temporal; ended. Resources can have been applied.
 * - `failed`: a stage failed; ended, but open for `retry` until `RunView.retryUntil`.
 */
export const runStatuses = [
  'queued',
  'running',
  'awaiting_approval',
  'applying',
  'succeeded',
  'no_changes',
  'denied',
  'expired',
  'cancelled',
  'failed',
] as const;

/** One of `runStatuses`, which describes each. */
export type RunStatus = (typeof runStatuses)[number];

const endStatuses: ReadonlySet<RunStatus> = new Set([
  'succeeded',
  'no_changes',
  'denied',
  'expired',
  'cancelled',
  'failed',
]);

/** True when the run does nothing more by itself. A failed run can still be resumed with `retry`. */
export const hasEnded = (status: RunStatus): boolean => endStatuses.has(status);
