import { describe, expect, test } from 'vitest';
import type { RunView } from '../../workflows/contract/run-view.ts';
import type { LiveRun } from './listed-run.ts';
import { runSections } from './run-sections.ts';
import { sampleApproval, sampleStages, sampleView } from './testing/sample-parts.ts';

const run = (view: Partial<RunView>, rest: Partial<LiveRun> = {}): LiveRun => ({
  view: sampleView(1, view),
  live: {},
  endedOutside: null,
  ...rest,
});
const texts = (drawn: LiveRun): readonly string[] =>
  runSections(drawn).flatMap((section) => (section.type === 'text' ? [section.text] : []));

describe('what a reader learns who did not watch the run', () => {
  test('a cancelled run says at which stage it was stopped, with its last lines', () => {
    const stages = sampleStages('perform_tests', 'cancelled').map((stage) =>
      stage.name === 'perform_tests' ? { ...stage, tail: ['✓ serves the page'] } : stage,
    );
    const cancelled = run({ status: 'cancelled', stages });
    expect(texts(cancelled)).toEqual(['It was stopped at “Run the tests”.']);
    expect(runSections(cancelled)).toContainEqual({
      type: 'log',
      title: 'Last lines of “Run the tests”',
      lines: ['✓ serves the page'],
    });
  });

  test('a run that was cancelled in the queue says that it had not begun', () => {
    const stages = sampleStages('check_for_changes', 'pending').map((stage) => ({
      ...stage,
      startedAt: null,
    }));
    expect(texts(run({ status: 'cancelled', stages }))).toEqual([
      'It was stopped while it waited for its turn.',
    ]);
  });

  test('a run that was ended from outside says what it was doing', () => {
    for (const status of ['running', 'awaiting_approval', 'applying'] as const)
      expect(texts(run({ status }, { endedOutside: 'terminated' }))).toEqual([
        'It was stopped at “Run the tests”.',
      ]);
    expect(texts(run({ status: 'running' }))).toEqual([]);
    expect(texts(run({ status: 'succeeded' }, { endedOutside: 'terminated' }))).toEqual([]);
  });

  test('an expired run says who might have decided, and until when', () => {
    const said = (approval: Parameters<typeof sampleApproval>[0]) =>
      texts(run({ status: 'expired', approval: sampleApproval(approval) }))[0];
    expect(said({})).toBe(
      'It waited until 5 Mar 2026, 14:33 UTC for approval by ada@example.com, grace@example.com.',
    );
    expect(said({ approvers: [] })).toMatch(/by anybody but who asked\.$/);
    expect(said({ approvers: [], selfApproval: true })).toMatch(/by anybody\.$/);
    const many = Array.from({ length: 12 }, (_, at) => `p${at}@example.com`);
    expect(said({ approvers: many })).toMatch(/p9@example\.com and 2 more\.$/);
  });
});
