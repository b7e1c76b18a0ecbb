import { describe, expect, test } from 'vitest';
import { identify } from '../run/identify.ts';
import { anonymous, findApprover, isSamePerson, listNames, mayControl } from '../run/people.ts';
import { parseNamed, parseRequest } from '../run/requests.ts';
import { ada, grace, linus } from '../testing/samples.ts';

describe('a typed name', () => {
  test('means an approver by e-mail or by the part before the @', () => {
    expect(findApprover('ada', [ada.id, grace.id])).toBe(ada.id);
    expect(findApprover(' Ada@Example.COM ', [ada.id])).toBe(ada.id);
    expect(findApprover('joan', [ada.id])).toBeNull();
    expect(findApprover('', [ada.id])).toBeNull();
  });

  test('means nobody when it could mean two', () => {
    expect(findApprover('ada', ['ada@a.example', 'ada@b.example'])).toBeNull();
    expect(findApprover('ada@b.example', ['ada@a.example', 'ada@b.example'])).toBe('ada@b.example');
  });

  test('is the same person as an e-mail that begins with it, but two e-mails are two people', () => {
    expect(isSamePerson('ada', ada.id)).toBe(true);
    expect(isSamePerson('ada@a.example', 'ada@b.example')).toBe(false);
  });
});

describe('who stands behind a signal', () => {
  test('is whoever it names, in whatever form the seeds and the bot send', () => {
    expect(identify(parseNamed('ada'), [ada.id])).toEqual({ id: ada.id, name: 'ada' });
    expect(identify(parseNamed({ name: 'ada' }), [ada.id])).toEqual({ id: ada.id, name: 'ada' });
    expect(identify(parseRequest({ by: { id: 'ADA@example.com' } }), [ada.id])).toEqual({
      id: ada.id,
      name: ada.id,
    });
  });

  test('is anybody where no approvers are named, and nobody where they are', () => {
    expect(identify(parseRequest(undefined), [])).toEqual(anonymous);
    expect(identify(parseNamed('Zoe'), [])).toEqual({ id: 'zoe', name: 'Zoe' });
    expect(identify(parseRequest('too late'), [ada.id])).toBeNull();
    expect(identify(parseNamed(42), [ada.id])).toBeNull();
    expect(identify(parseNamed(null), [ada.id])).toBeNull();
  });
});

describe('the payload of a request', () => {
  test('is read whatever it is', () => {
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

test('whoever asked for a run may stop it, and so may its approvers', () => {
  expect(mayControl(linus, linus, { approvers: [ada.id] })).toBe(true);
  expect(mayControl(ada, linus, { approvers: [ada.id] })).toBe(true);
  expect(mayControl(grace, linus, { approvers: [ada.id] })).toBe(false);
  expect(mayControl(grace, linus, { approvers: [] })).toBe(true);
});

test('names are listed as people say them', () => {
  expect([[], ['A'], ['A', 'B'], ['A', 'B', 'C']].map(listNames)).toEqual([
    'nobody',
    'A',
    'A and B',
    'A, B and C',
  ]);
});
