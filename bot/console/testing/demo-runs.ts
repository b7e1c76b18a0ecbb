import { createHash } from 'node:crypto';
import type { RunEvent, RunFact } from '../../../workflows/contract/run-event.ts';
import type { RunView } from '../../../workflows/contract/run-view.ts';
import {
  ada,
  dangerousPlan,
  grace,
  noCounts,
  sampleApproval,
  samplePlan,
  sampleStages,
  sampleView,
} from '../../cards/testing/sample-parts.ts';
import type { LiveRun } from '../../runs/types.ts';

const minute = 60_000;

const still = (view: RunView, live: LiveRun['live'] = {}): LiveRun => ({ view, live, externalEnd: null });

const told = (from: number, facts: readonly RunFact[]): readonly RunEvent[] =>
  facts.map((fact, seq) => ({ ...fact, seq, at: from + seq * 9000 }));

const shifted = (view: RunView, from: number): RunView['stages'] =>
  view.stages.map((stage) => ({
    ...stage,
    startedAt: stage.startedAt === null ? null : stage.startedAt - view.askedAt + from,
    endedAt: stage.endedAt === null ? null : stage.endedAt - view.askedAt + from,
    log:
      stage.state === 'succeeded' ? { key: `log/${stage.name}`, bytes: 900, sha256: 'ef'.repeat(32) } : null,
    tail:
      stage.name === 'perform_tests' && stage.state === 'succeeded'
        ? ['✓ serves the page', '✓ answers 404', '42 tests passed']
        : [],
  }));

const at = (view: RunView, from: number, lastsMs: number | null): RunView => ({
  ...view,
  conversation: view.conversation === 'console:main' ? view.conversation : 'slack:C0DEPLOYS',
  workflowId: `total-build-${createHash('sha256')
    .update(view.workflowId)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5')}`,
  stages: shifted(view, from),
  askedAt: from,
  endedAt: lastsMs === null ? null : from + lastsMs,
});

const commit = (sha: string, subject: string, author: string) => ({
  sha: sha.padEnd(40, '0'),
  subject,
  author,
});

const question = (now: number): RunView => {
  const from = now - minute;
  return at(
    sampleView(1, {
      status: 'awaiting_approval',
      progress: 72,
      conversation: 'console:main',
      commit: commit('3f2a91c', 'Encrypt the database at rest', 'Ada'),
      stages: sampleStages('approval'),
      image: 'web:3f2a91c',
      plan: dangerousPlan,
      approval: sampleApproval({ askedAt: from + minute, expiresAt: from + 11 * minute }),
      events: told(from, [
        { kind: 'asked', by: ada, ref: 'main', force: false },
        { kind: 'started' },
        { kind: 'planned', digest: dangerousPlan.digest, counts: dangerousPlan.summary.counts },
        { kind: 'question', digest: dangerousPlan.digest, expiresAt: from + 11 * minute },
      ]),
    }),
    from,
    null,
  );
};

const preview = (now: number): LiveRun =>
  still(
    at(
      sampleView(2, {
        environment: 'preview',
        requestedBy: grace,
        commit: commit('b81e07d', 'Answer 404 with a page', 'Grace'),
        progress: 35,
        events: [{ seq: 0, at: now - 20_000, kind: 'asked', by: grace, ref: 'main', force: false }],
      }),
      now - 20_000,
      null,
    ),
    { perform_tests: { done: null, total: null, lines: ['✓ serves the page', '✓ answers 404'] } },
  );

/** The run that everything in the pictures is about. */
export const demoQuestion = (now: number): RunView => question(now);

export const demoRuns = (now: number): readonly LiveRun[] => {
  const plan = samplePlan({ counts: { ...noCounts, change: 2 } });
  const vote = { by: grace, at: now - 90 * minute, reason: null };
  const approval = sampleApproval({
    votes: [vote],
    decision: { outcome: 'approved', votes: [vote], digest: plan.digest },
  });
  const applied = { added: 0, changed: 2, destroyed: 0, done: 2, total: 2, finished: [] };
  return [
    still(demoQuestion(now)),
    preview(now),
    still(
      at(
        sampleView(3, {
          status: 'succeeded',
          progress: 100,
          commit: commit('a40c5e2', 'Raise the replicas to three', 'Linus'),
          stages: sampleStages(null),
          plan,
          approval,
          applied,
        }),
        now - 95 * minute,
        84_000,
      ),
    ),
    still(
      at(
        sampleView(4, {
          name: 'worker',
          status: 'failed',
          requestedBy: grace,
          progress: 40,
          commit: commit('77d1b90', 'Retry the mail queue', 'Grace'),
          stages: sampleStages('perform_tests', 'failed'),
          failure: {
            stage: 'perform_tests',
            type: 'TestsFailed',
            message: 'running the tests of worker: 2 of 42 failed',
            hint: 'Fix the tests and deploy again, or `retry` if they are flaky.',
            tail: ['✗ answers 404', '  expected 404, received 500'],
            log: null,
          },
        }),
        now - 200 * minute,
        31_000,
      ),
    ),
    still(
      at(
        sampleView(5, {
          environment: 'preview',
          status: 'no_changes',
          progress: 100,
          commit: commit('a40c5e2', 'Raise the replicas to three', 'Linus'),
          stages: sampleStages('refresh_repo', 'skipped'),
        }),
        now - 26 * 60 * minute,
        3000,
      ),
    ),
    still(
      at(
        sampleView(6, {
          status: 'denied',
          requestedBy: ada,
          commit: commit('19fe3aa', 'Open the admin port', 'Ada'),
          stages: sampleStages('approval', 'cancelled'),
          plan: dangerousPlan,
          approval: sampleApproval({
            decision: {
              outcome: 'denied',
              by: grace,
              at: now,
              reason: 'the port is open to the internet',
              digest: plan.digest,
            },
          }),
        }),
        now - 50 * 60 * minute,
        240_000,
      ),
    ),
  ];
};
