import { describe, expect, test } from 'vitest';
import { openQuestion, weigh } from '../../../workflows/run/decide.ts';
import { ada, grace, linus, sampleRule } from '../../../workflows/testing/samples.ts';
import { sampleRuns } from '../../cards/testing/samples.ts';
import { checkApprove, checkDeny } from './precheck-decision.ts';

const view = (sampleRuns[0] ?? expect.fail('there is no sample')).run.view;
const eve = { id: 'eve@example.com', name: 'Eve' };
const askedBy = (requestedBy: typeof ada, approvers: readonly string[] = sampleRule.approvers) => ({
  ...view,
  requestedBy,
  approval: openQuestion({ ...sampleRule, approvers }, 'digest', 0),
});

describe('the quick word on a decision', () => {
  test.each([ada, grace, linus, eve])('is the word of the workflow about $name', (person) => {
    for (const requester of [ada, linus])
      for (const approvers of [sampleRule.approvers, []])
        for (const approve of [true, false]) {
          const seen = askedBy(requester, approvers);
          const quick = (approve ? checkApprove : checkDeny)(seen, person);
          const { kind } = weigh(seen.approval, requester, { approve, by: person, digest: null }, 1);
          expect(quick.allowed, `${requester.name} ${approve}`).toBe(kind === 'counts');
        }
  });

  test('sends a requester who is no approver from deny to cancel', () => {
    expect(checkDeny(askedBy(linus), linus)).toMatchObject({
      reason: expect.stringContaining('use cancel'),
    });
    expect(checkDeny(askedBy(linus), eve)).toMatchObject({ reason: expect.stringContaining('ada@') });
  });
});
