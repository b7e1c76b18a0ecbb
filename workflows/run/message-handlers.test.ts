import { describe, expect, test } from 'vitest';
import { canControl, findApprover, isSamePerson, listNames } from '../contract/approval-rule.ts';
import { ada, grace, linus } from '../testing/samples.ts';
import { anonymous, identifySender, parseNamedRequest, parseRequest } from './message-handlers.ts';

describe('a typed name', () => {
  test('means an approver by email or by the part before the @', () => {
    expect(findApprover('ada', [ada.id, grace.id])).toBe(ada.id);
    expect(findApprover(' Ada@Example.COM ', [ada.id])).toBe(ada.id);
    expect(findApprover('joan', [ada.id])).toBeNull();
    expect(findApprover('', [ada.id])).toBeNull();
  });

  test('means no approver when two match', () => {
    expect(findApprover('ada', ['ada@a.example', 'ada@b.example'])).toBeNull();
    expect(findApprover('ada@b.example', ['ada@a.example', 'ada@b.example'])).toBe('ada@b.example');
  });

  test('is the same person as an email that starts with it, but two emails are two people', () => {
    expect(isSamePerson('ada', ada.id)).toBe(true);
    expect(isSamePerson('ada@a.example', 'ada@b.example')).toBe(false);
  });
});

describe('the sender of a signal', () => {
  test('is the person that the payload names, in every form of the seeds and the bot', () => {
    expect(identifySender(parseNamedRequest('ada'), [ada.id])).toEqual({ id: ada.id, name: 'ada' });
    expect(identifySender(parseNamedRequest({ name: 'ada' }), [ada.id])).toEqual({ id: ada.id, name: 'ada' });
    expect(identifySender(parseRequest({ by: { id: 'ADA@example.com' } }), [ada.id])).toEqual({
      id: ada.id,
      name: ada.id,
    });
  });

  test('is anonymous without approvers in the catalog, and unknown with approvers', () => {
    expect(identifySender(parseRequest(undefined), [])).toEqual(anonymous);
    expect(identifySender(parseNamedRequest('Zoe'), [])).toEqual({ id: 'zoe', name: 'Zoe' });
    expect(identifySender(parseRequest('too late'), [ada.id])).toBeNull();
    expect(identifySender(parseNamedRequest(42), [ada.id])).toBeNull();
    expect(identifySender(parseNamedRequest(null), [ada.id])).toBeNull();
  });
});

describe('the payload of a request', () => {
  test('is parsed for every input', () => {
    expect(parseRequest('too late')).toMatchObject({ by: null, reason: 'too late' });
    expect(parseRequest({ by: ada, reason: ' why ', planDigest: 'd', key: 'k' })).toEqual({
      by: ada,
      name: null,
      reason: 'why',
      digest: 'd',
      key: 'k',
    });
    for (const odd of [null, undefined, 42, [], { by: 'ada' }, { by: { id: 7 } }, { by: { id: ' ' } }])
      expect(parseRequest(odd).by).toBeNull();
    expect(parseRequest('x'.repeat(9_999)).reason).toHaveLength(2_000);
  });
});

test('the requester and the approvers can cancel a run', () => {
  expect(canControl(linus, linus, { approvers: [ada.id] })).toBe(true);
  expect(canControl(ada, linus, { approvers: [ada.id] })).toBe(true);
  expect(canControl(grace, linus, { approvers: [ada.id] })).toBe(false);
  expect(canControl(grace, linus, { approvers: [] })).toBe(true);
});

test('names are listed with commas and "and"', () => {
  expect([[], ['A'], ['A', 'B'], ['A', 'B', 'C']].map(listNames)).toEqual([
    'no one',
    'A',
    'A and B',
    'A, B and C',
  ]);
});
