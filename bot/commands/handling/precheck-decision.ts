import type { Person } from '../../../workflows/contract/person.ts';
import type { RunView } from '../../../workflows/contract/run-view.ts';

/** Whether somebody may do it, and why not. */
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
 * The bot's quick word on an approval, by the run's own rule. The workflow asks again and is the
 * authority, because any client of Temporal can send a decision.
 */
export const checkApprove = (view: RunView, person: Person): AuthorizationResult => {
  const { approval } = view;
  if (approval === null) return allowed;
  if (!isApprover(view, person))
    return refused(`You may not approve this. Those who may: ${named(approval.approvers)}.`);
  if (!approval.selfApproval && view.requestedBy.id === person.id)
    return refused('You asked for this, so somebody else must approve it.');
  return allowed;
};

/** Who may approve a plan may deny it, and nobody else: whoever asked for it cancels it. */
export const checkDeny = (view: RunView, person: Person): AuthorizationResult => {
  if (isApprover(view, person)) return allowed;
  if (view.requestedBy.id === person.id)
    return refused('You may not deny this, but you asked for it: use cancel to withdraw it.');
  return refused(`You may not deny this. Those who may: ${named(view.approval?.approvers ?? [])}.`);
};
