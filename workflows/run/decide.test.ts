import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ApprovalView } from '../contract/decision.ts';
import type { ApprovalRule } from '../contract/target.ts';
import { ada, grace, linus, sampleRule } from '../testing/samples.ts';
import { addVote, openQuestion, reminderDelay, tellDecision, weigh } from './decide.ts';

const now = 1_000;
const ask = (rule: Partial<ApprovalRule> = {}): ApprovalView =>
  openQuestion({ ...sampleRule, ...rule }, 'digest', now);
const approve = { approve: true, by: ada, digest: 'digest' };

describe('a word on a question', () => {
  test('counts when an approver says it about the plan that stands, in time', () => {
    expect(weigh(ask(), linus, approve, now)).toEqual({ kind: 'counts' });
    expect(weigh(ask(), linus, { ...approve, digest: null }, now)).toEqual({ kind: 'counts' });
    expect(weigh(ask({ approvers: ['ADA@example.com'] }), linus, approve, now)).toEqual({ kind: 'counts' });
  });

  test('about another plan is refused before anything else', () => {
    expect(weigh(ask(), linus, { ...approve, by: linus, digest: 'old' }, now)).toMatchObject({
      type: 'StalePlan',
    });
  });

  test('after the end is refused, also when the timer has not fired yet', () => {
    const question = ask();
    expect(weigh(question, linus, approve, question.expiresAt - 1)).toEqual({ kind: 'counts' });
    expect(weigh(question, linus, approve, question.expiresAt)).toMatchObject({ type: 'Expired' });
  });

  test('of the requester does not approve, but denies', () => {
    expect(weigh(ask(), ada, approve, now)).toMatchObject({ type: 'NotAllowed' });
    expect(
      weigh(ask({ approvers: [] }), ada, { ...approve, by: { id: 'ada', name: 'ada' } }, now),
    ).toMatchObject({ type: 'NotAllowed' });
    expect(weigh(ask(), ada, { ...approve, approve: false }, now)).toEqual({ kind: 'counts' });
    expect(weigh(ask({ selfApproval: true }), ada, approve, now)).toEqual({ kind: 'counts' });
  });

  test('of a requester who is no approver does not deny either: cancel is the way', () => {
    const deny = { ...approve, by: linus, approve: false };
    expect(weigh(ask(), linus, deny, now)).toMatchObject({
      type: 'NotAllowed',
      message: expect.stringContaining('use cancel'),
    });
    expect(weigh(ask(), grace, deny, now)).toMatchObject({ message: expect.stringContaining('Ask ada@') });
  });

  test('after the decision hears who decided, whoever says it', () => {
    const approved = addVote(ask(), { by: ada, at: now, reason: null });
    const stranger = { ...approve, by: linus };
    expect(weigh(approved, linus, stranger, now)).toEqual({
      kind: 'settled',
      message: 'already approved by Ada',
    });
    const denied = {
      ...ask(),
      decision: { outcome: 'denied', by: grace, at: now, reason: 'no', digest: 'digest' },
    } as const;
    expect(weigh(denied, linus, approve, now)).toMatchObject({ message: 'already denied by Grace: no' });
    const expired = { ...ask(), decision: { outcome: 'expired', at: now, digest: 'digest' } } as const;
    expect(weigh(expired, linus, approve, now)).toMatchObject({
      message: expect.stringContaining('expired without a decision'),
    });
  });

  test('approves when as many different approvers as required have said yes, in any order and however often', () => {
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
          let question = ask({ required, approvers });
          for (const by of voters)
            if (weigh(question, requester, { ...approve, by }, now).kind === 'counts')
              question = addVote(question, { by, at: now, reason: null });
          const allowed = new Set(
            voters.map(({ id }) => id).filter((id) => approvers.includes(id) && id !== requester.id),
          );
          const needed = Math.max(1, required);
          expect(question.votes).toHaveLength(Math.min(allowed.size, needed));
          expect(question.decision !== null).toBe(allowed.size >= needed);
        },
      ),
    );
  });
});

test('the decision names everybody who made it', () => {
  const votes = [ada, grace, linus].map((by) => ({ by, at: now, reason: null }));
  expect(tellDecision({ outcome: 'approved', votes, digest: 'd' })).toBe(
    'already approved by Ada, Grace and Linus',
  );
});

test('people are reminded two minutes before the end, or half-way through a short question', () => {
  expect(reminderDelay(600_000)).toBe(480_000);
  expect(reminderDelay(240_000)).toBe(120_000);
  expect(reminderDelay(60_000)).toBe(30_000);
});
