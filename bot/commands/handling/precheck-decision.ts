import { checkVoter } from '../../../workflows/contract/approval-rule.ts';
import type { Person } from '../../../workflows/contract/person.ts';
import type { RunView } from '../../../workflows/contract/run-view.ts';

/** Whether a person may decide. `reason` is a sentence for that person. */
export type AuthorizationResult =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: string };

const check =
  (approve: boolean) =>
  ({ approval, requestedBy }: RunView, by: Person): AuthorizationResult => {
    const refusal = approval && checkVoter(approval, requestedBy, { approve, by });
    return refusal ? { allowed: false, reason: refusal.message } : { allowed: true };
  };

/**
 * The bot's early check of an approval, for a fast answer. The workflow checks again and is the authority, because
 * any Temporal client can send a decision.
 */
export const checkApprove = check(true);

/** The bot's early check of a denial: approvers can deny, and the requester cancels instead. */
export const checkDeny = check(false);
