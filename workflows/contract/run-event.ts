import type { Person } from './person.ts';
import type { PlanCounts } from './plan.ts';
import type { StageName } from './stage.ts';

/**
 * A fact of a run, in the order of occurrence. The chat thread, the audit trail and the console's timeline come from
 * these events. So they include decisions that are sent from a terminal.
 * `seq` counts from 0 and never changes; `at` is in milliseconds since the epoch.
 */
export type RunEvent = { readonly seq: number; readonly at: number } & RunFact;

/** What happened. The kinds are stored in histories, views and the audit trail, so their names stay. */
export type RunFact =
  /** The run was requested. `ref` is the requested branch, tag or commit; empty for a stack. */
  | { readonly kind: 'asked'; readonly by: Person; readonly ref: string; readonly force: boolean }
  /** Queued at `position` (1 is next). `behind` is the run that holds the lock; null when none holds it. */
  | { readonly kind: 'queued'; readonly position: number; readonly behind: string | null }
  /** Got the environment lock and starts its stages. */
  | { readonly kind: 'started' }
  /** The commit is the one that run `lastRun` applied, so the stages are skipped. */
  | { readonly kind: 'nothing_changed'; readonly commit: string; readonly lastRun: string }
  /** A plan was made and evaluated. `digest` identifies it in all later events. */
  | { readonly kind: 'planned'; readonly digest: string; readonly counts: PlanCounts }
  /** Approval was requested, until `expiresAt` (milliseconds since the epoch). */
  | { readonly kind: 'question'; readonly digest: string; readonly expiresAt: number }
  /** A reminder was sent: the request expires at `expiresAt`. */
  | { readonly kind: 'reminded'; readonly expiresAt: number }
  /** One approver approved. Approved as a whole when `votes` reaches `required`. */
  | {
      readonly kind: 'approved';
      readonly by: Person;
      readonly reason: string | null;
      readonly digest: string;
      readonly votes: number;
      readonly required: number;
    }
  /** An approver denied the plan. */
  | { readonly kind: 'denied'; readonly by: Person; readonly reason: string; readonly digest: string }
  /** The approval request expired. */
  | { readonly kind: 'expired'; readonly digest: string }
  /** A decision or command was rejected; `why` is for people. `by` is null when the sender is unknown. */
  | { readonly kind: 'not_counted'; readonly by: Person | null; readonly why: string }
  /** Terraform starts to apply the plan. */
  | { readonly kind: 'applying'; readonly digest: string }
  /** The apply succeeded. `revision` is a commit, or the digest of a stack's files. */
  | {
      readonly kind: 'applied';
      readonly digest: string;
      readonly revision: string;
      readonly added: number;
      readonly changed: number;
      readonly destroyed: number;
    }
  /** The apply stopped after `done` of `total` resources; both are 0 when a lost worker reported nothing. */
  | {
      readonly kind: 'apply_aborted';
      readonly done: number;
      readonly total: number;
      readonly message: string;
    }
  /** A stage failed, which ended this attempt. */
  | { readonly kind: 'failed'; readonly stage: StageName; readonly message: string }
  /** The run was cancelled. `by` is null for a cancellation in Temporal's UI, CLI or API. */
  | { readonly kind: 'cancelled'; readonly by: Person | null; readonly reason: string | null }
  /** A person resumed the failed run at stage `from`. */
  | { readonly kind: 'retried'; readonly by: Person; readonly from: StageName }
  /** The run succeeded. */
  | { readonly kind: 'succeeded' };
