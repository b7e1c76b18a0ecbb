import type { Person } from './person.ts';
import type { PlanCounts } from './plan.ts';
import type { StageName } from './stage.ts';

/**
 * A fact of a run, in the order in which it happened. The chat thread, the audit trail and the
 * console's timeline are drawn from these, so a decision typed in a terminal is in all of them.
 * `seq` counts from 0 and never changes; `at` is milliseconds since the epoch.
 */
export type RunEvent = { readonly seq: number; readonly at: number } & RunFact;

export type RunFact =
  | { readonly kind: 'asked'; readonly by: Person; readonly ref: string; readonly force: boolean }
  | { readonly kind: 'queued'; readonly position: number; readonly behind: string | null }
  | { readonly kind: 'started' }
  | { readonly kind: 'nothing_changed'; readonly commit: string; readonly lastRun: string }
  | { readonly kind: 'planned'; readonly digest: string; readonly counts: PlanCounts }
  | { readonly kind: 'question'; readonly digest: string; readonly expiresAt: number }
  | { readonly kind: 'reminded'; readonly expiresAt: number }
  | {
      readonly kind: 'approved';
      readonly by: Person;
      readonly reason: string | null;
      readonly digest: string;
      readonly votes: number;
      readonly required: number;
    }
  | { readonly kind: 'denied'; readonly by: Person; readonly reason: string; readonly digest: string }
  | { readonly kind: 'expired'; readonly digest: string }
  | { readonly kind: 'not_counted'; readonly by: Person | null; readonly why: string }
  | { readonly kind: 'applying'; readonly digest: string }
  | {
      readonly kind: 'applied';
      readonly digest: string;
      readonly revision: string;
      readonly added: number;
      readonly changed: number;
      readonly destroyed: number;
    }
  | {
      readonly kind: 'apply_aborted';
      readonly done: number;
      readonly total: number;
      readonly message: string;
    }
  | { readonly kind: 'failed'; readonly stage: StageName; readonly message: string }
  | { readonly kind: 'cancelled'; readonly by: Person | null; readonly reason: string | null }
  | { readonly kind: 'retried'; readonly by: Person; readonly from: StageName }
  | { readonly kind: 'succeeded' };
