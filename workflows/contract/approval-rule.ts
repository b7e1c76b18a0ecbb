// The approval rule: pure functions that the workflow, the bot and the store share. The workflow is the authority.
import type { ApprovalView, Decision, Vote } from './decision.ts';
import type { RefusalType } from './failure.ts';
import type { Person } from './person.ts';
import type { ApprovalRule } from './target.ts';

/** Why a request is refused. `message` is a sentence for the person who made it. */
export interface Refusal {
  readonly type: RefusalType;
  readonly message: string;
}

/**
 * Outcome of evaluating one vote. `already_decided`: the request has a decision, or this person already voted;
 * the message says which, and nothing changes.
 */
export type VoteVerdict =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'already_decided'; readonly message: string }
  | ({ readonly kind: 'refused' } & Refusal);

/** One person's vote. `digest` names the plan that the person saw; null when the vote names none. */
export interface VoteRequest {
  readonly approve: boolean;
  readonly by: Person;
  readonly digest: string | null;
}

const localPart = (id: string): string => id.split('@', 1)[0] ?? id;

/** True for equal IDs, or when one is the other without its domain: a signal can carry a bare name. */
export const isSamePerson = (a: string, b: string): boolean => {
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  return x === y || (!(x.includes('@') && y.includes('@')) && localPart(x) === localPart(y));
};

/** The one approver that a typed name means: a work email, or its unambiguous part before the @; else null. */
export const findApprover = (name: string, approvers: readonly string[]): string | null => {
  const wanted = name.trim().toLowerCase();
  const exact = approvers.find((approver) => approver.toLowerCase() === wanted);
  if (exact) return exact;
  const matches = approvers.filter((approver) => localPart(approver.toLowerCase()) === wanted);
  return matches.length === 1 ? (matches[0] ?? null) : null;
};

/** True when the person is an approver. An empty list of approvers means every person. */
const canApprove = (person: Person, { approvers }: Pick<ApprovalRule, 'approvers'>): boolean =>
  approvers.length === 0 || approvers.some((approver) => approver.toLowerCase() === person.id);

/** True when the person may cancel or retry: the requester and the approvers may. */
export const canControl = (
  person: Person,
  requester: Person,
  rule: Pick<ApprovalRule, 'approvers'> | null,
): boolean => person.id === requester.id || canApprove(person, rule ?? { approvers: [] });

/** "Ada", "Ada and Grace", "Ada, Grace and Joan"; "no one" for an empty list. */
export const listNames = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? 'no one') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

const maxListedApprovers = 5;

const listApprovers = (approvers: readonly string[]): string =>
  approvers.length > maxListedApprovers
    ? `${approvers.slice(0, maxListedApprovers).join(', ')} and ${approvers.length - maxListedApprovers} more`
    : listNames(approvers);

/** Why this person may not vote on an approval request, whatever its state; null when the person may. */
export const checkVoter = (
  request: Pick<ApprovalView, 'approvers' | 'selfApproval'>,
  requester: Person,
  { approve, by }: Pick<VoteRequest, 'approve' | 'by'>,
): Refusal | null => {
  const isRequester = isSamePerson(by.id, requester.id);
  const refuse = (message: string): Refusal => ({ type: 'NotAllowed', message });
  if (!canApprove(by, request)) {
    if (!approve && isRequester) return refuse("You can't deny your own run. Use `cancel` instead.");
    const verb = approve ? 'approve' : 'deny';
    return refuse(`You can't ${verb} this run. Approvers: ${listApprovers(request.approvers)}.`);
  }
  if (approve && isRequester && !request.selfApproval)
    return refuse('You started this run, so another approver must approve it.');
  return null;
};

/**
 * Evaluates one vote: on which plan, in time, by whom, and not twice.
 * @param now milliseconds since the epoch.
 */
export const evaluateVote = (
  request: ApprovalView,
  requester: Person,
  vote: VoteRequest,
  now: number,
): VoteVerdict => {
  if (vote.digest !== null && vote.digest !== request.digest)
    return {
      kind: 'refused',
      type: 'StalePlan',
      message: 'The plan has changed since you opened it. Review the new plan.',
    };
  if (request.decision) return { kind: 'already_decided', message: describeDecision(request.decision) };
  if (now >= request.expiresAt)
    return {
      kind: 'refused',
      type: 'Expired',
      message: 'The approval request expired, and nothing was applied. Start a new run.',
    };
  const refusal = checkVoter(request, requester, vote);
  if (refusal) return { kind: 'refused', ...refusal };
  if (vote.approve && request.votes.some(({ by }) => isSamePerson(by.id, vote.by.id)))
    return {
      kind: 'already_decided',
      message: `${vote.by.name} already approved (${request.votes.length} of ${request.required})`,
    };
  return { kind: 'accepted' };
};

/** True while this person can still approve the request. */
export const awaitsVoteOf = (request: ApprovalView, requester: Person, person: Person): boolean =>
  request.decision === null &&
  !request.votes.some(({ by }) => isSamePerson(by.id, person.id)) &&
  checkVoter(request, requester, { approve: true, by: person }) === null;

/** A new approval request for the plan with this digest. `now` is in milliseconds since the epoch. */
export const createApprovalRequest = (rule: ApprovalRule, digest: string, now: number): ApprovalView => ({
  digest,
  required: Math.max(1, rule.required),
  approvers: rule.approvers,
  selfApproval: rule.selfApproval,
  askedAt: now,
  expiresAt: now + rule.timeoutMs,
  votes: [],
  decision: null,
});

/** The approval request with one more vote; the last required vote decides it. */
export const addVote = (request: ApprovalView, vote: Vote): ApprovalView => {
  const votes = [...request.votes, vote];
  const isEnough = votes.length >= request.required;
  return {
    ...request,
    votes,
    decision: isEnough ? { outcome: 'approved', votes, digest: request.digest } : null,
  };
};

/** "already approved by Ada", for a person who votes too late. */
export const describeDecision = (decision: Decision): string => {
  if (decision.outcome === 'approved')
    return `already approved by ${listNames(decision.votes.map((vote) => vote.by.name))}`;
  if (decision.outcome === 'denied') return `already denied by ${decision.by.name}: ${decision.reason}`;
  return 'the approval request expired; nothing was applied';
};

/** When to send the reminder, in ms after the request: 2 minutes before its end, or halfway when it is short. */
export const getReminderDelayMs = (timeoutMs: number): number =>
  timeoutMs < 240_000 ? timeoutMs / 2 : timeoutMs - 120_000;
