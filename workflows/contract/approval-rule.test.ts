import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ada, grace, linus, sampleRule } from '../testing/samples.ts';
import {
  addVote,
  awaitsVoteOf,
  createApprovalRequest,
  describeDecision,
  evaluateVote,
  getReminderDelayMs,
} from './approval-rule.ts';
import type { ApprovalView } from './decision.ts';
import type { ApprovalRule } from './target.ts';

const now = 1_000;
const ask = (rule: Partial<ApprovalRule> = {}): ApprovalView =>
  createApprovalRequest({ ...sampleRule, ...rule }, 'digest', now);
const approve = { approve: true, by: ada, digest: 'digest' };

describe('a vote on an approval request', () => {
  test('is accepted from an approver, for the current plan, in time', () => {
    expect(evaluateVote(ask(), linus, approve, now)).toEqual({ kind: 'accepted' });
    expect(evaluateVote(ask(), linus, { ...approve, digest: null }, now)).toEqual({ kind: 'accepted' });
    expect(evaluateVote(ask({ approvers: ['ADA@example.com'] }), linus, approve, now)).toEqual({
      kind: 'accepted',
    });
  });

  test('for another plan is refused before any other check', () => {
    expect(evaluateVote(ask(), linus, { ...approve, by: linus, digest: 'old' }, now)).toMatchObject({
      type: 'StalePlan',
    });
  });

  test('after the expiry is refused, also before the timer fires', () => {
    const request = ask();
    expect(evaluateVote(request, linus, approve, request.expiresAt - 1)).toEqual({ kind: 'accepted' });
    expect(evaluateVote(request, linus, approve, request.expiresAt)).toMatchObject({ type: 'Expired' });
  });

  test('of the requester cannot approve, but can deny', () => {
    expect(evaluateVote(ask(), ada, approve, now)).toMatchObject({ type: 'NotAllowed' });
    expect(
      evaluateVote(ask({ approvers: [] }), ada, { ...approve, by: { id: 'ada', name: 'ada' } }, now),
    ).toMatchObject({ type: 'NotAllowed' });
    expect(evaluateVote(ask(), ada, { ...approve, approve: false }, now)).toEqual({ kind: 'accepted' });
    expect(evaluateVote(ask({ selfApproval: true }), ada, approve, now)).toEqual({ kind: 'accepted' });
  });

  test('of a requester without the right to approve cannot deny, and is pointed to cancel', () => {
    const deny = { ...approve, by: linus, approve: false };
    expect(evaluateVote(ask(), linus, deny, now)).toMatchObject({
      type: 'NotAllowed',
      message: expect.stringContaining('Use `cancel`'),
    });
    expect(evaluateVote(ask(), grace, deny, now)).toMatchObject({
      message: expect.stringContaining('Approvers: ada@'),
    });
  });

  test('after the decision is answered with who decided', () => {
    const approved = addVote(ask(), { by: ada, at: now, reason: null });
    const stranger = { ...approve, by: linus };
    expect(evaluateVote(approved, linus, stranger, now)).toEqual({
      kind: 'already_decided',
      message: 'already approved by Ada',
    });
    const denied = {
      ...ask(),
      decision: { outcome: 'denied', by: grace, at: now, reason: 'no', digest: 'digest' },
    } as const;
    expect(evaluateVote(denied, linus, approve, now)).toMatchObject({
      message: 'already denied by Grace: no',
    });
    const expired = { ...ask(), decision: { outcome: 'expired', at: now, digest: 'digest' } } as const;
    expect(evaluateVote(expired, linus, approve, now)).toMatchObject({
      message: expect.stringContaining('request expired; nothing was applied'),
    });
  });

  test('decides when the required number of different approvers approved, in any order and with repeats', () => {
    const people = ['ada', 'grace', 'joan', 'linus', 'mallory'].map((name) => ({
      id: `${name}@example.com`,
      name,
    }));
    const approvers = people.slice(0, 4).map(({ id }) => id);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...people), { maxLength: 12 }),
        fc.integer({ min: 0, max: 4 }),
        fc.constantFrom(...people),
        (voters, required, requester) => {
          let request = ask({ required, approvers });
          for (const by of voters)
            if (evaluateVote(request, requester, { ...approve, by }, now).kind === 'accepted')
              request = addVote(request, { by, at: now, reason: null });
          const allowed = new Set(
            voters.map(({ id }) => id).filter((id) => approvers.includes(id) && id !== requester.id),
          );
          const needed = Math.max(1, required);
          expect(request.votes).toHaveLength(Math.min(allowed.size, needed));
          expect(request.decision !== null).toBe(allowed.size >= needed);
        },
      ),
    );
  });
});

test('the decision names every approver', () => {
  const votes = [ada, grace, linus].map((by) => ({ by, at: now, reason: null }));
  expect(describeDecision({ outcome: 'approved', votes, digest: 'd' })).toBe(
    'already approved by Ada, Grace and Linus',
  );
});

test('the reminder comes two minutes before the expiry, or halfway through a short request', () => {
  expect(getReminderDelayMs(600_000)).toBe(480_000);
  expect(getReminderDelayMs(240_000)).toBe(120_000);
  expect(getReminderDelayMs(60_000)).toBe(30_000);
});

describe('the rule for every person and request', () => {
  const people = {
    approver: ada,
    secondApprover: grace,
    requester: linus,
    stranger: { id: 'eve@example.com', name: 'Eve' },
  };
  const table: [keyof typeof people, boolean, Partial<ApprovalRule>, string][] = [
    ['approver', true, {}, 'accepted'],
    ['secondApprover', true, { required: 2 }, 'accepted'],
    ['requester', true, {}, 'NotAllowed'],
    ['requester', true, { approvers: [] }, 'NotAllowed'],
    ['requester', true, { approvers: [linus.id] }, 'NotAllowed'],
    ['requester', true, { approvers: [linus.id], selfApproval: true }, 'accepted'],
    ['requester', true, { approvers: [], selfApproval: true }, 'accepted'],
    ['stranger', true, {}, 'NotAllowed'],
    ['stranger', true, { approvers: [] }, 'accepted'],
    ['approver', false, {}, 'accepted'],
    ['requester', false, {}, 'NotAllowed'],
    ['requester', false, { approvers: [] }, 'accepted'],
    ['stranger', false, {}, 'NotAllowed'],
  ];
  test.each(table)('%s, approve: %s, with %j: %s', (who, approve_, rule, expected) => {
    const request = ask(rule);
    const verdict = evaluateVote(request, linus, { approve: approve_, by: people[who], digest: null }, now);
    expect(verdict.kind === 'refused' ? verdict.type : verdict.kind).toBe(expected);
    if (approve_) expect(awaitsVoteOf(request, linus, people[who])).toBe(expected === 'accepted');
  });

  test('a request awaits no second vote of one person, and no vote after its decision', () => {
    const once = addVote(ask({ required: 2 }), { by: ada, at: now, reason: null });
    expect([awaitsVoteOf(once, linus, ada), awaitsVoteOf(once, linus, grace)]).toEqual([false, true]);
    const decided = addVote(once, { by: grace, at: now, reason: null });
    expect(awaitsVoteOf(decided, linus, grace)).toBe(false);
  });
});
