import { describe, expect, test } from 'vitest';
import { createApprovalRequest, evaluateVote } from '../../../workflows/contract/approval-rule.ts';
import { ada, grace, linus, sampleRule } from '../../../workflows/testing/samples.ts';
import { sampleRuns } from '../../cards/testing/samples.ts';
import { precheckVote } from './decision-command.ts';

const view = (sampleRuns[0] ?? expect.fail('there is no sample')).run.view;
const eve = { id: 'eve@example.com', name: 'Eve' };
const askedBy = (requestedBy: typeof ada, approvers: readonly string[] = sampleRule.approvers) => ({
  ...view,
  requestedBy,
  approval: createApprovalRequest({ ...sampleRule, approvers }, 'digest', 0),
});

describe('the early check of a decision', () => {
  test.each([ada, grace, linus, eve])('gives the verdict of the workflow for $name', (person) => {
    for (const requester of [ada, linus])
      for (const approvers of [sampleRule.approvers, []])
        for (const approve of [true, false]) {
          const seen = askedBy(requester, approvers);
          const refusal = precheckVote(seen, person, approve ? 'approve' : 'deny');
          const { kind } = evaluateVote(seen.approval, requester, { approve, by: person, digest: null }, 1);
          expect(refusal === null, `${requester.name} ${approve}`).toBe(kind === 'accepted');
        }
  });

  test('points a requester without the right to deny to cancel', () => {
    expect(precheckVote(askedBy(linus), linus, 'deny')).toContain('Use `cancel`');
    expect(precheckVote(askedBy(linus), eve, 'deny')).toContain('ada@');
  });
});
