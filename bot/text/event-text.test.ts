import { describe, expect, it } from 'vitest';
import type { RunFact } from '../../workflows/contract/run-event.ts';
import { ada, noCounts } from '../cards/testing/sample-parts.ts';
import { describeEvent } from './event-text.ts';

const text = (fact: RunFact, kind: 'deploy' | 'provision' | 'destroy' = 'deploy'): string =>
  describeEvent({ seq: 0, at: 0, ...fact }, { kind }).text;

const otherRun = 'total-build-3f2a91bc-0000-4000-8000-000000000000';

describe('an event', () => {
  it.each([
    ['deploy', 'Deployed'],
    ['provision', 'Provisioned'],
    ['destroy', 'Destroyed'],
  ] as const)('of a %s that succeeded says “%s”', (kind, expected) => {
    expect(text({ kind: 'succeeded' }, kind)).toBe(expected);
  });

  it('names the person, and the reason where one was given', () => {
    const vote = { kind: 'approved', by: ada, digest: 'd', votes: 1, required: 2 } as const;
    expect(text({ ...vote, reason: null })).toBe('Approved by Ada (1 of 2)');
    expect(text({ ...vote, reason: 'reviewed' })).toBe('Approved by Ada (1 of 2): reviewed');
    expect(text({ kind: 'denied', by: ada, reason: 'too late', digest: 'd' })).toBe(
      'Denied by Ada: too late',
    );
    expect(text({ kind: 'cancelled', by: null, reason: null })).toBe('Cancelled in Temporal');
    expect(text({ kind: 'not_counted', by: null, why: 'not an approver' })).toBe(
      'Decision rejected: not an approver',
    );
  });

  it('names another run by its short ID, and says which run that is', () => {
    expect(
      describeEvent({ seq: 0, at: 0, kind: 'queued', position: 2, behind: otherRun }, { kind: 'deploy' }),
    ).toEqual({
      tone: 'neutral',
      text: 'Queued at position 2 behind 3f2a91',
      otherRun,
    });
  });

  it('leaves the branch out where a stack is provisioned', () => {
    expect(text({ kind: 'asked', by: ada, ref: '', force: false }, 'provision')).toBe('Requested by Ada');
    expect(text({ kind: 'asked', by: ada, ref: 'main', force: true })).toBe(
      'Requested by Ada from main, forced',
    );
  });

  it('counts what a plan changes, the most dangerous first', () => {
    expect(text({ kind: 'planned', digest: 'd', counts: { ...noCounts, add: 2, destroy: 1 } })).toBe(
      'Plan ready: 1 to destroy, 2 to add',
    );
  });
});
