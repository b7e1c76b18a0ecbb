import { describe, expect, test } from 'vitest';
import type { AppliedRecord, EnvironmentView, LockRequest } from '../contract/environment.ts';
import { ada } from '../testing/samples.ts';
import { enqueue, evictLost, grantNext, release, withoutRuns } from './lock-state.ts';

const free: EnvironmentView = {
  name: 'web',
  environment: 'production',
  holder: null,
  waiting: [],
  applied: [],
  unfinished: false,
};
const run = (workflowId: string, at = 1): LockRequest => ({ workflowId, requestedBy: ada, at });
const again = (workflowId: string, attempt: number): LockRequest => ({ ...run(workflowId), attempt });
const record = (workflowId: string): AppliedRecord => ({
  workflowId,
  revision: 'c',
  digest: 'd',
  at: 1,
  requestedBy: ada,
  approvedBy: [],
});
const order = ({ waiting }: EnvironmentView) => waiting.map(({ workflowId }) => workflowId);

describe('the state of an environment', () => {
  test('is a queue in the order of the asking, whatever the order of the arriving', () => {
    const state = [run('b', 2), run('c', 3), run('a', 1), run('d', 3), run('b', 2)].reduce(enqueue, free);
    expect(order(state)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('has one holder at a time', () => {
    const once = grantNext([run('a'), run('b')].reduce(enqueue, free));
    expect(once.holder?.workflowId).toBe('a');
    expect(grantNext(once)).toBe(once);
    expect(grantNext(free)).toBe(free);
    expect(order(enqueue(once, run('a')))).toEqual(['b']);
  });

  test('knows the newest request of a run, and gives no later one back with an older', () => {
    const held = { ...free, holder: again('a', 5), waiting: [again('b', 6)] };
    const still = [again('a', 4), again('b', 5), run('a')].reduce(enqueue, held);
    expect(still).toEqual(held);
    expect([again('a', 7), again('b', 8)].reduce(enqueue, held)).toMatchObject({
      holder: { attempt: 7 },
      waiting: [{ attempt: 8 }],
    });
    const leave = (workflowId: string, attempt: number) =>
      release(held, { workflowId, applied: null, unfinished: false, attempt });
    expect([leave('a', 4), leave('b', 5)]).toEqual([held, held]);
    expect(leave('a', 5).holder).toBeNull();
    expect(leave('b', 6).waiting).toEqual([]);
  });

  test('keeps the ten newest records', () => {
    const ids = Array.from({ length: 12 }, (_, index) => `run-${index}`);
    let state = free;
    for (const id of ids) {
      const held = { ...state, holder: run(id) };
      state = release(held, { workflowId: id, applied: record(id), unfinished: false });
    }
    expect(state.applied.map(({ workflowId }) => workflowId)).toEqual(ids.toReversed().slice(0, 10));
  });

  test('stays unfinished until something is applied whole', () => {
    const held = { ...free, holder: run('a') };
    const broken = release(held, { workflowId: 'a', applied: null, unfinished: true });
    expect(broken.unfinished).toBe(true);
    const denied = release(
      { ...broken, holder: run('b') },
      { workflowId: 'b', applied: null, unfinished: false },
    );
    expect(denied.unfinished).toBe(true);
    const mended = release(
      { ...denied, holder: run('c') },
      { workflowId: 'c', applied: record('c'), unfinished: false },
    );
    expect(mended.unfinished).toBe(false);
  });

  test('hears those in the queue alone', () => {
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

  test('drops those who are gone, and doubts what a holder that was cut short left behind', () => {
    const state = { ...free, holder: run('a'), waiting: [run('b'), run('c')] };
    expect(evictLost(state, ['b'], ['b'])).toMatchObject({ holder: state.holder, unfinished: false });
    expect(evictLost(state, ['a'], [])).toMatchObject({ holder: null, unfinished: false });
    expect(evictLost({ ...state, unfinished: true }, ['a'], [])).toMatchObject({ unfinished: true });
    const without = evictLost(state, ['a', 'b'], ['a']);
    expect(without).toMatchObject({ holder: null, unfinished: true });
    expect(order(without)).toEqual(['c']);
    expect(withoutRuns(state, ['a'])).toMatchObject({ holder: null, unfinished: false });
  });
});
