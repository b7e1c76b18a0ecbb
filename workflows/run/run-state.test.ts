import { describe, expect, test } from 'vitest';
import { deployStages } from '../contract/stage.ts';
import { parseDeployInput } from '../deploy.ts';
import { ada, linus } from '../testing/samples.ts';
import { createRunState, getLatestReason } from './run-state.ts';
import { moreUrgent } from './status-publisher.ts';

const start = () => {
  let now = 1_000;
  const input = {
    kind: 'deploy',
    stages: deployStages,
    name: 'web',
    environment: 'production',
    requestedBy: linus,
  } as const;
  const run = createRunState(input, 'total-build-1', () => now);
  return { run, wait: (ms: number) => (now += ms) };
};

describe('a run', () => {
  test('has a complete view from the start', () => {
    const view = start().run.read();
    expect(view).toMatchObject({ status: 'queued', askedAt: 1_000, progress: 0, events: [], ref: null });
    expect(view.stages.map(({ name, state, attempt }) => [name, state, attempt])).toEqual(
      deployStages.map((name) => [name, 'pending', 0]),
    );
  });

  test('returns views that later changes do not modify', () => {
    const { run } = start();
    const before = run.read();
    run.record({ kind: 'started' });
    run.stages.begin('refresh_repo');
    run.set({ status: 'running' });
    expect(before).toMatchObject({ status: 'queued', events: [] });
    expect(before.stages[1]?.state).toBe('pending');
  });

  test('counts the attempts of a stage and keeps its last 20 lines', () => {
    const { run, wait } = start();
    expect(run.stages.begin('perform_tests')).toBe(1);
    wait(500);
    const tail = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    run.stages.end('perform_tests', { state: 'failed', detail: 'two failed', tail });
    expect(run.read().stages[3]).toMatchObject({ startedAt: 1_000, endedAt: 1_500, detail: 'two failed' });
    expect(run.read().stages[3]?.tail).toHaveLength(20);
    run.stages.reset(['perform_tests']);
    expect(run.read().stages[3]).toMatchObject({ state: 'pending', startedAt: null, attempt: 1 });
    expect(run.stages.takeAttempt('perform_tests')).toBe(2);
    expect(run.stages.begin('perform_tests')).toBe(3);
  });

  test('never decreases its progress, and reaches 100 only at the end', () => {
    const { run } = start();
    let last = 0;
    for (const name of deployStages) {
      run.stages.begin(name);
      expect(run.read().progress).toBeGreaterThanOrEqual(last);
      run.stages.end(name, { state: 'succeeded' });
      last = run.read().progress;
    }
    expect(last).toBe(99);
    run.set({ status: 'succeeded' });
    expect(run.read().progress).toBe(100);
  });

  test('returns the reason of its newest decision', () => {
    const { run } = start();
    expect(getLatestReason(run.read().events)).toBeNull();
    const approved = { kind: 'approved', by: ada, digest: 'd', votes: 1, required: 2 } as const;
    run.record({ ...approved, reason: 'fine' });
    run.record({ kind: 'not_counted', by: null, why: 'not an approver' });
    expect(getLatestReason(run.read().events)).toBe('fine');
    run.record({ kind: 'cancelled', by: ada, reason: null });
    expect(getLatestReason(run.read().events)).toBeNull();
  });
});

test('an input is accepted only with a service, an environment and a person', () => {
  const good = {
    service: ' web ',
    environment: 'production',
    requestedBy: { id: 'Ada@Example.com', name: '' },
  };
  expect(parseDeployInput({ ...good, force: 'yes', ref: '', conversation: 'slack:C1', extra: 1 })).toEqual({
    service: 'web',
    environment: 'production',
    requestedBy: { id: 'ada@example.com', name: 'ada@example.com' },
    conversation: 'slack:C1',
  });
  for (const odd of [null, undefined, 'web', {}, { ...good, requestedBy: 'ada' }, { ...good, service: 7 }])
    expect(() => parseDeployInput(odd)).toThrow('the input must be');
});

test('the most urgent of several pending notifications is sent', () => {
  expect(moreUrgent(null, 'opened')).toBe('opened');
  expect(moreUrgent('finished', 'reminder')).toBe('finished');
  expect(moreUrgent('question', 'decided')).toBe('decided');
  expect(moreUrgent('question', 'question')).toBe('question');
});
