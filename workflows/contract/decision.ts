import type { Person } from './person.ts';
import type { RunStatus } from './run-status.ts';

/** One person's word on one plan. Times are milliseconds since the epoch. */
export interface Vote {
  readonly by: Person;
  readonly at: number;
  readonly reason: string | null;
}

/** How a question ended. Once made it stands. */
export type Decision =
  | { readonly outcome: 'approved'; readonly votes: readonly Vote[]; readonly digest: string }
  | {
      readonly outcome: 'denied';
      readonly by: Person;
      readonly at: number;
      readonly reason: string;
      readonly digest: string;
    }
  | { readonly outcome: 'expired'; readonly at: number; readonly digest: string };

/** The question as a card shows it. */
export interface ApprovalView {
  /** Names the saved plan file, the commit, the lock file and the policy result. */
  readonly digest: string;
  readonly required: number;
  /** Work e-mails with groups resolved; empty means anyone. */
  readonly approvers: readonly string[];
  readonly selfApproval: boolean;
  readonly askedAt: number;
  readonly expiresAt: number;
  readonly votes: readonly Vote[];
  readonly decision: Decision | null;
}

/** Argument of the updates `approve_apply`, `deny_apply`, `cancel` and `retry`. */
export interface DecisionRequest {
  readonly by: Person;
  readonly reason?: string;
  /** The plan that the person saw; another plan refuses the decision. */
  readonly planDigest?: string;
}

/** The same sent as a signal, with the key under which the update was tried. */
export interface KeyedDecisionRequest extends Partial<DecisionRequest> {
  readonly key?: string;
}

/** What an update answers: the run's state after it, in a form the clicker can be told. */
export interface DecisionAnswer {
  readonly status: RunStatus;
  /** True when this request changed something; false when an earlier one had. */
  readonly counted: boolean;
  /** One sentence: "approved, 1 of 2", "denied by Grace: too late today". */
  readonly message: string;
}
