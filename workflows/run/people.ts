import type { Person } from '../contract/person.ts';
import type { ApprovalRule } from '../contract/target.ts';

/** Somebody who decided through a bare signal. */
export const anonymous: Person = { id: 'anonymous', name: 'somebody' };

const localPart = (id: string): string => id.split('@', 1)[0] ?? id;

/** Equal, or one is the other without its domain: a bare name is all that a signal may carry. */
export const isSamePerson = (a: string, b: string): boolean => {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  return x === y || (!(x.includes('@') && y.includes('@')) && localPart(x) === localPart(y));
};

/** The one approver whom a typed name means, by e-mail or the part before the @. */
export const findApprover = (name: string, approvers: readonly string[]): string | null => {
  const wanted = name.trim().toLowerCase();
  const exact = approvers.find((approver) => approver.toLowerCase() === wanted);
  if (exact) return exact;
  const meant = approvers.filter((approver) => localPart(approver.toLowerCase()) === wanted);
  return meant.length === 1 ? (meant[0] ?? null) : null;
};

const approves = (person: Person, approvers: readonly string[]): boolean =>
  approvers.some((approver) => approver.toLowerCase() === person.id);

export const mayApprove = (person: Person, rule: Pick<ApprovalRule, 'approvers'>): boolean =>
  rule.approvers.length === 0 || approves(person, rule.approvers);

/** Cancel and retry: whoever asked for the run, or may approve it. */
export const mayControl = (
  person: Person,
  requester: Person,
  rule: Pick<ApprovalRule, 'approvers'> | null,
): boolean => person.id === requester.id || mayApprove(person, rule ?? { approvers: [] });

/** "Ada", "Ada and Grace", "Ada, Grace and Joan". */
export const listNames = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? 'nobody') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
