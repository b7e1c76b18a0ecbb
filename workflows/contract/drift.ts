import type { Audience } from './conversation.ts';
import type { PlanSummary } from './plan.ts';

/** Input of the workflow `drift`: one drift check, which compares a stack's code with its infrastructure. */
export interface DriftInput {
  /** The stack's name in the catalog. */
  readonly stack: string;
}

/** Type of the workflow that checks a stack for drift. A schedule starts it. */
export const driftWorkflowType = 'drift';

/** ID of a stack's schedule. The IDs of its workflows are the same with the time appended. */
export const getDriftScheduleId = (stack: string): string => `drift-${stack}`;

/** Result of the activity `look_for_drift`. A stack that was never applied is in sync. */
export type DriftFinding =
  | { readonly kind: 'in_sync' }
  /** `digest` identifies the drift: 64 hex digits over all changes with their values. */
  | { readonly kind: 'drifted'; readonly digest: string; readonly summary: PlanSummary };

/** What people know after a drift check. The schedule's last result carries it to the next check. */
export interface LastDriftReport {
  /** The digest of the drift that was reported; null when the last report was "in sync". */
  readonly digest: string | null;
  /** True when the last report was that the check fails. */
  readonly failing: boolean;
  /** Key of a report that not every conversation has; the next check reuses it. null: all reports are delivered. */
  readonly untold: string | null;
}

/** What changed since the last report. */
export type DriftChange =
  /** There is drift where there was none; there is another drift than the reported one. */
  | { readonly kind: 'appeared' | 'changed'; readonly summary: PlanSummary }
  /** The reported drift is resolved; a failing check succeeds again and found no new drift. */
  | { readonly kind: 'gone' | 'works_again' }
  /** The check failed for the first time. `hint` is the next step, one sentence. */
  | { readonly kind: 'failed'; readonly message: string; readonly hint: string | null };

/** Input of the activity `report_drift`: a notification for every conversation that follows a stack. */
export interface DriftReport {
  /** Idempotency key: the same for every attempt to deliver the same change. */
  readonly key: string;
  /** The drift check that found the change. */
  readonly workflowId: string;
  readonly stack: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Conversations that the catalog lists for the stack. */
  readonly audiences: readonly Audience[];
  readonly news: DriftChange;
}

/** Result of the workflow `drift`, as Temporal's UI shows it. */
export interface DriftResult {
  readonly stack: string;
  /** `skipped`: a run held the environment lock, so a comparison would mean nothing. */
  readonly outcome: 'in_sync' | 'drifted' | 'failed' | 'skipped';
  /** One sentence for people. */
  readonly detail: string;
  /** For the next check. */
  readonly memory: LastDriftReport;
}
