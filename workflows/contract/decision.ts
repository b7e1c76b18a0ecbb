import type { Person } from './person.ts';
import type { RunStatus } from './run-status.ts';

/** One person's approval of one plan. */
export interface Vote {
  readonly by: Person;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly reason: string | null;
}

/** How an approval request was decided. A decision is final. `at` is in milliseconds since the epoch. */
export type Decision =
  | { readonly outcome: 'approved'; readonly votes: readonly Vote[]; readonly digest: string }
  | {
      readonly outcome: 'denied';
      readonly by: Person;
      readonly at: number;
      readonly reason: string;
      readonly digest: string;
    }
  /** No decision came in time. */
  | { readonly outcome: 'expired'; readonly at: number; readonly digest: string };

/** An approval request, as a card shows it. Times are milliseconds since the epoch. */
export interface ApprovalView {
  /** Identifies plan file, revision, provider lock file and policy verdict together: 64 hex digits. */
  readonly digest: string;
  /** How many people must approve; at least 1. */
  readonly required: number;
  /** Work emails in lowercase, with groups resolved; empty means that anyone may approve. */
  readonly approvers: readonly string[];
  /** True: the requester may approve too. */
  readonly selfApproval: boolean;
  /** When approval was requested. */
  readonly askedAt: number;
  readonly expiresAt: number;
  /** Approvals so far, one for each person. */
  readonly votes: readonly Vote[];
  /** null while the request is open. */
  readonly decision: Decision | null;
}

/** Argument of the updates `approve_apply`, `deny_apply`, `cancel` and `retry`. */
export interface DecisionRequest {
  readonly by: Person;
  /** At most 2000 characters; the rest is dropped. */
  readonly reason?: string;
  /** The digest of the plan that the person saw. The run refuses a decision on any other plan. */
  readonly planDigest?: string;
}

/** The same as a signal. `key` is the ID of the update that the signal repeats, so that both together count once. */
export interface KeyedDecisionRequest extends Partial<DecisionRequest> {
  readonly key?: string;
}

/** Answer to an update. */
export interface DecisionAnswer {
  /** The run's status after the update. */
  readonly status: RunStatus;
  /** True when this request changed something; false when an earlier one had. */
  readonly counted: boolean;
  /** One clause for the person who sent it: "approved, 1 of 2", "already denied by Grace: too late today". */
  readonly message: string;
}
