import type { Audience } from './conversation.ts';
import type { PlanSummary } from './plan.ts';

/** Input of the workflow `drift`: one comparison of a stack with what is really there. */
export interface DriftInput {
  readonly stack: string;
}

export const driftWorkflowType = 'drift';

/** Id of a stack's schedule; its workflows are called so too, with the time added. */
export const getDriftScheduleId = (stack: string): string => `drift-${stack}`;

/** What a comparison found. A stack of which nothing was ever applied is in sync. */
export type DriftFinding =
  | { readonly kind: 'in_sync' }
  /** `digest` tells one drift from another: every change with its values goes into it. */
  | { readonly kind: 'drifted'; readonly digest: string; readonly summary: PlanSummary };

/** What the last comparison left for the next, kept as the schedule's last result. */
export interface LastDriftReport {
  /** The drift that people were told of, or null. */
  readonly digest: string | null;
  /** They were told that the comparison fails. */
  readonly failing: boolean;
  /** Key of a report that did not reach everybody, so that who has heard it does not hear it again. */
  readonly untold: string | null;
}

/** What is new since the last report. */
export type DriftChange =
  | { readonly kind: 'appeared' | 'changed'; readonly summary: PlanSummary }
  | { readonly kind: 'gone' | 'works_again' }
  | { readonly kind: 'failed'; readonly message: string; readonly hint: string | null };

/** News for everybody who follows a stack. */
export interface DriftReport {
  /** The same for every try to tell the same news. */
  readonly key: string;
  readonly workflowId: string;
  readonly stack: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly audiences: readonly Audience[];
  readonly news: DriftChange;
}

/** Result of the workflow, for whoever looks at it in Temporal. */
export interface DriftResult {
  readonly stack: string;
  /** Skipped while a run holds the stack. */
  readonly outcome: 'in_sync' | 'drifted' | 'failed' | 'skipped';
  /** One sentence. */
  readonly detail: string;
  readonly memory: LastDriftReport;
}
