import { describe, expect, test } from 'vitest';
import type { RunView } from '../../workflows/contract/run-view.ts';
import type { LiveRun } from './listed-run.ts';
import { runSections } from './run-sections.ts';
import { sampleApproval, sampleStages, sampleView } from './testing/sample-parts.ts';

const run = (view: Partial<RunView>, rest: Partial<LiveRun> = {}): LiveRun => ({
  view: sampleView(1, view),
  live: {},
  externalEnd: null,
  ...rest,
});
const texts = (drawn: LiveRun): readonly string[] =>
  runSections(drawn).flatMap((section) => (section.type === 'text' ? [section.text] : []));

describe('the card of a stopped or expired run', () => {
  test('names the stage at which it was cancelled, with the last log lines', () => {
    const stages = sampleStages('perform_tests', 'cancelled').map((stage) =>
      stage.name === 'perform_tests' ? { ...stage, tail: ['✓ serves the page'] } : stage,
    );
    const cancelled = run({ status: 'cancelled', stages });
    expect(texts(cancelled)).toEqual(['Stopped at “Run the tests”.']);
    expect(runSections(cancelled)).toContainEqual({
      type: 'log',
      title: 'Last log lines of “Run the tests”',
      lines: ['✓ serves the page'],
    });
  });

  test('says that it was cancelled while queued', () => {
    const stages = sampleStages('check_for_changes', 'pending').map((stage) => ({
      ...stage,
      startedAt: null,
    }));
    expect(texts(run({ status: 'cancelled', stages }))).toEqual(['Cancelled while queued.']);
  });

  test('names the stage that ran when it was terminated in Temporal', () => {
    for (const status of ['running', 'awaiting_approval', 'applying'] as const)
      expect(texts(run({ status }, { externalEnd: 'terminated' }))).toEqual(['Stopped at “Run the tests”.']);
    expect(texts(run({ status: 'running' }))).toEqual([]);
    expect(texts(run({ status: 'succeeded' }, { externalEnd: 'terminated' }))).toEqual([]);
  });

  test('names the approvers and when the approval expired', () => {
    const said = (approval: Parameters<typeof sampleApproval>[0]) =>
      texts(run({ status: 'expired', approval: sampleApproval(approval) }))[0];
    expect(said({})).toBe(
      'Approval expired at 5 Mar 2026, 14:33 UTC. Approvers: ada@example.com, grace@example.com.',
    );
    expect(said({ approvers: [] })).toMatch(/Approvers: any person except the requester\.$/);
    expect(said({ approvers: [], selfApproval: true })).toMatch(/Approvers: any person\.$/);
    const many = Array.from({ length: 12 }, (_, at) => `p${at}@example.com`);
    expect(said({ approvers: many })).toMatch(/p9@example\.com and 2 more\.$/);
  });
});
