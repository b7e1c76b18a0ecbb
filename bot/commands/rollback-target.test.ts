import { describe, expect, test } from 'vitest';
import type { EnvironmentView } from '../../workflows/contract/environment.ts';
import { ada } from '../../workflows/testing/samples.ts';
import { findRollbackTarget } from './rollback.ts';

/** The commits that were applied, newest first. */
const history = (commits: string, unfinished = false): Pick<EnvironmentView, 'applied' | 'unfinished'> => ({
  applied: [...commits].map((commit, at) => ({
    workflowId: `run-${at}`,
    revision: commit,
    digest: 'd',
    at,
    requestedBy: ada,
    approvedBy: [],
  })),
  unfinished,
});

describe('the rollback target', () => {
  test.each([
    ['ba', 'a', 'is the one before'],
    ['bba', 'a', 'is another one, also when the bad one was deployed twice'],
    ['abaz', 'z', 'is never the one that was gone back from'],
    ['caba', 'a', 'is the one that was gone back to'],
    ['bcba', 'a', 'is older at every further rollback'],
  ])('of %s is %s: it %s', (commits, good) => {
    expect(findRollbackTarget('production', history(commits))).toEqual({ to: good, from: commits[0] });
  });

  test('is the newest complete deployment after an interrupted one', () => {
    expect(findRollbackTarget('production', history('ba', true))).toEqual({
      to: 'b',
      from: 'an interrupted deployment',
    });
  });

  test('is refused with the reason when there is no earlier deployment', () => {
    expect(findRollbackTarget('production', history(''))).toBeNull();
    expect(() => findRollbackTarget('production', history('aaa'))).toThrow(
      "Can't roll back: a is the only known deployment of production.",
    );
    expect(() => findRollbackTarget('production', history('aba'))).toThrow('production already runs a');
  });
});
