import type { Person } from '../../../workflows/contract/person.ts';
import type { RunView } from '../../../workflows/contract/run-view.ts';

/** Whether a person is authorized, and the reason if not. */
export type AuthorizationResult =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: string };

const allowed: AuthorizationResult = { allowed: true };
const refused = (reason: string): AuthorizationResult => ({ allowed: false, reason });

const named = (approvers: readonly string[]): string =>
  approvers.length > 5 ? `${approvers.slice(0, 5).join(', ')} and others` : approvers.join(', ');

const isApprover = ({ approval }: RunView, person: Person): boolean =>
  approval === null || approval.approvers.length === 0 || approval.approvers.includes(person.id);

/**
 * Checks an approval before it is sent, so that a refusal is immediate. The workflow checks again and is
 * the authority, because any Temporal client can send a decision.
 */
export const checkApprove = (view: RunView, person: Person): AuthorizationResult => {
  const { approval } = view;
  if (approval === null) return allowed;
  if (!isApprover(view, person))
    return refused(`You can’t approve this run. Approvers: ${named(approval.approvers)}.`);
  if (!approval.selfApproval && view.requestedBy.id === person.id)
    return refused('You started this run, so another approver must approve it.');
  return allowed;
};

/** Only approvers may deny a plan. The person who started the run can cancel it. */
export const checkDeny = (view: RunView, person: Person): AuthorizationResult => {
  if (isApprover(view, person)) return allowed;
  if (view.requestedBy.id === person.id) return refused('You can’t deny your own run. Use cancel instead.');
  return refused(`You can’t deny this run. Approvers: ${named(view.approval?.approvers ?? [])}.`);
};
