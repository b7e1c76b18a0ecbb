import { describe, expect, test } from 'vitest';
import type { AppliedRecord, EnvironmentView, LockRequest } from '../contract/environment.ts';
import { ada } from '../testing/samples.ts';
import { enqueue, evictClosed, grantNext, release } from './lock-state.ts';

const free: EnvironmentView = {
  name: 'web',
  environment: 'production',
  holder: null,
  waiting: [],
  applied: [],
  unfinished: false,
};
const run = (workflowId: string, at = 1): LockRequest => ({ workflowId, requestedBy: ada, at });
const attemptOf = (workflowId: string, attempt: number): LockRequest => ({ ...run(workflowId), attempt });
const record = (workflowId: string): AppliedRecord => ({
  workflowId,
  revision: 'c',
  digest: 'd',
  at: 1,
  requestedBy: ada,
  approvedBy: [],
});
const order = ({ waiting }: EnvironmentView) => waiting.map(({ workflowId }) => workflowId);

describe('the state of an environment lock', () => {
  test('queues the runs in the order of their requests, not in the order in which the requests arrive', () => {
    const state = [run('b', 2), run('c', 3), run('a', 1), run('d', 3), run('b', 2)].reduce(enqueue, free);
    expect(order(state)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('grants the lock to one run at a time', () => {
    const once = grantNext([run('a'), run('b')].reduce(enqueue, free));
    expect(once.holder?.workflowId).toBe('a');
    expect(grantNext(once)).toBe(once);
    expect(grantNext(free)).toBe(free);
    expect(order(enqueue(once, run('a')))).toEqual(['b']);
  });

  test('keeps the newest request of a run, and does not release it for an older attempt', () => {
    const held = { ...free, holder: attemptOf('a', 5), waiting: [attemptOf('b', 6)] };
    const still = [attemptOf('a', 4), attemptOf('b', 5), run('a')].reduce(enqueue, held);
    expect(still).toEqual(held);
    expect([attemptOf('a', 7), attemptOf('b', 8)].reduce(enqueue, held)).toMatchObject({
      holder: { attempt: 7 },
      waiting: [{ attempt: 8 }],
    });
    const leave = (workflowId: string, attempt: number) =>
      release(held, { workflowId, applied: null, unfinished: false, attempt });
    expect([leave('a', 4), leave('b', 5)]).toEqual([held, held]);
    expect(leave('a', 5).holder).toBeNull();
    expect(leave('b', 6).waiting).toEqual([]);
  });

  test('keeps the ten newest records of what was applied', () => {
    const ids = Array.from({ length: 12 }, (_, index) => `run-${index}`);
    let state = free;
    for (const id of ids) {
      const held = { ...state, holder: run(id) };
      state = release(held, { workflowId: id, applied: record(id), unfinished: false });
    }
    expect(state.applied.map(({ workflowId }) => workflowId)).toEqual(ids.toReversed().slice(0, 10));
  });

  test('stays unfinished until an apply completes', () => {
    const held = { ...free, holder: run('a') };
    const broken = release(held, { workflowId: 'a', applied: null, unfinished: true });
    expect(broken.unfinished).toBe(true);
    const denied = release(
      { ...broken, holder: run('b') },
      { workflowId: 'b', applied: null, unfinished: false },
    );
    expect(denied.unfinished).toBe(true);
    const completed = release(
      { ...denied, holder: run('c') },
      { workflowId: 'c', applied: record('c'), unfinished: false },
    );
    expect(completed.unfinished).toBe(false);
  });

  test('ignores a release by a run that neither holds the lock nor waits for it', () => {
    const state = { ...free, holder: run('a'), waiting: [run('b')] };
    expect(release(state, { workflowId: 'x', applied: record('x'), unfinished: true })).toBe(state);
    expect(release(state, { workflowId: 'b', applied: null, unfinished: false })).toMatchObject({
      holder: { workflowId: 'a' },
      waiting: [],
    });
    expect(release(state, { workflowId: 'b', applied: record('b'), unfinished: false }).applied).toHaveLength(
      1,
    );
  });

  test('removes closed runs, and is unfinished when a closed holder can have interrupted an apply', () => {
    const state = { ...free, holder: run('a'), waiting: [run('b'), run('c')] };
    expect(evictClosed(state, ['b'], ['b'])).toMatchObject({ holder: state.holder, unfinished: false });
    expect(evictClosed(state, ['a'], [])).toMatchObject({ holder: null, unfinished: false });
    expect(evictClosed({ ...state, unfinished: true }, ['a'], [])).toMatchObject({ unfinished: true });
    const without = evictClosed(state, ['a', 'b'], ['a']);
    expect(without).toMatchObject({ holder: null, unfinished: true });
    expect(order(without)).toEqual(['c']);
    expect(evictClosed(state, ['a'], [])).toMatchObject({ holder: null, unfinished: false });
  });
});
