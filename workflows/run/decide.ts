import type { ApprovalView, Decision, Vote } from '../contract/decision.ts';
import type { Person } from '../contract/person.ts';
import type { ApprovalRule } from '../contract/target.ts';
import { isSamePerson, listNames, mayApprove } from './people.ts';

/** Why a request is not taken, in words for the person who made it. */
export interface Refusal {
  readonly type: 'NotAllowed' | 'NotWaiting' | 'StalePlan' | 'Expired' | 'ReasonMissing' | 'BadRequest';
  readonly message: string;
}

/** What one person's word on a question is worth. `settled`: somebody, or the same person, was first. */
export type Weight =
  | { readonly kind: 'counts' }
  | { readonly kind: 'settled'; readonly message: string }
  | ({ readonly kind: 'refused' } & Refusal);

/** One person's word. `digest` is the plan that the person saw, or null when the word names none. */
export interface Word {
  readonly approve: boolean;
  readonly by: Person;
  readonly digest: string | null;
}

const refused = (type: Refusal['type'], message: string): Weight => ({ kind: 'refused', type, message });

export const openQuestion = (rule: ApprovalRule, digest: string, now: number): ApprovalView => ({
  digest,
  required: Math.max(1, rule.required),
  approvers: rule.approvers,
  selfApproval: rule.selfApproval,
  askedAt: now,
  expiresAt: now + rule.timeoutMs,
  votes: [],
  decision: null,
});

/** "already approved by Ada", for whoever comes second. */
export const tellDecision = (decision: Decision): string => {
  if (decision.outcome === 'approved')
    return `already approved by ${listNames(decision.votes.map((vote) => vote.by.name))}`;
  if (decision.outcome === 'denied') return `already denied by ${decision.by.name}: ${decision.reason}`;
  return 'the question has expired without a decision, and nothing was applied';
};

/** Who may, how many, on which plan, and until when. */
export const weigh = (question: ApprovalView, requester: Person, word: Word, now: number): Weight => {
  if (word.digest !== null && word.digest !== question.digest)
    return refused('StalePlan', 'The plan that you saw was replaced by a newer one: look at that one first.');
  if (question.decision) return { kind: 'settled', message: tellDecision(question.decision) };
  if (now >= question.expiresAt)
    return refused(
      'Expired',
      'The question has expired: nothing will be applied. Start it again for a new plan.',
    );
  if (!mayApprove(word.by, question) && !word.approve && isSamePerson(word.by.id, requester.id))
    return refused('NotAllowed', 'You may not deny this, but you asked for it: use cancel to withdraw it.');
  if (!mayApprove(word.by, question))
    return refused(
      'NotAllowed',
      `${word.by.name} may not ${word.approve ? 'approve' : 'deny'} this. Ask ${listNames(question.approvers)}.`,
    );
  if (!word.approve) return { kind: 'counts' };
  if (!question.selfApproval && isSamePerson(word.by.id, requester.id))
    return refused('NotAllowed', 'You asked for this, so somebody else must approve it.');
  if (question.votes.some((vote) => isSamePerson(vote.by.id, word.by.id)))
    return {
      kind: 'settled',
      message: `${word.by.name} has approved already, ${question.votes.length} of ${question.required}`,
    };
  return { kind: 'counts' };
};

/** The question with one more vote, and decided when that was the last one needed. */
export const addVote = (question: ApprovalView, vote: Vote): ApprovalView => {
  const votes = [...question.votes, vote];
  const enough = votes.length >= question.required;
  return {
    ...question,
    votes,
    decision: enough ? { outcome: 'approved', votes, digest: question.digest } : null,
  };
};

/** When to remind people: two minutes before the end, or half-way through a short question. */
export const reminderDelay = (timeoutMs: number): number =>
  timeoutMs < 240_000 ? timeoutMs / 2 : timeoutMs - 120_000;
