import type { RunView } from '../../../workflows/contract/run-view.ts';
import type { LiveRun } from '../listed-run.ts';
import { failedLockView, failedTestsView } from './sample-failures.ts';
import { hostileView } from './sample-hostile.ts';
import {
  ada,
  dangerousPlan,
  grace,
  noCounts,
  sampleApproval,
  sampleDigest,
  samplePlan,
  sampleStages,
  sampleTime,
  sampleView,
} from './sample-parts.ts';
import { awaitingOverrideView, destroyView, forbiddenView, overriddenView } from './sample-provisions.ts';

/** A run as it may stand, with a name for a test or a golden file. */
export interface Sample {
  readonly name: string;
  readonly run: LiveRun;
}

const still = (name: string, view: RunView): Sample => ({
  name,
  run: { view, live: {}, externalEnd: null },
});

const aMinuteLater = { endedAt: sampleTime + 92_000 } as const;
const vote = { by: grace, at: sampleTime + 70_000, reason: null } as const;
const applied = { added: 2, changed: 1, destroyed: 1, done: 4, total: 4, finished: [] } as const;
const approved = sampleApproval({
  votes: [vote],
  decision: { outcome: 'approved', votes: [vote], digest: sampleDigest },
});

/** One run of every kind that a card must be able to show; every platform draws all of them in its tests. */
export const sampleRuns: readonly Sample[] = [
  still(
    'queued',
    sampleView(1, {
      status: 'queued',
      progress: 0,
      commit: null,
      stages: sampleStages('check_for_changes', 'pending'),
      queue: {
        position: 2,
        holder: {
          workflowId: 'total-build-ab12cd34-0000-4000-8000-000000000000',
          requestedBy: grace,
          at: sampleTime,
        },
      },
    }),
  ),
  {
    name: 'running',
    run: {
      view: sampleView(2),
      live: { perform_tests: { done: null, total: null, lines: ['✓ serves the page', '✓ answers 404'] } },
      externalEnd: null,
    },
  },
  still(
    'awaiting-dangerous',
    sampleView(3, {
      status: 'awaiting_approval',
      stages: sampleStages('approval'),
      plan: dangerousPlan,
      approval: sampleApproval(),
    }),
  ),
  still(
    'awaiting-one-of-two',
    sampleView(4, {
      status: 'awaiting_approval',
      ref: 'release/7',
      stages: sampleStages('approval'),
      plan: samplePlan(),
      approval: sampleApproval({ required: 2, votes: [vote] }),
    }),
  ),
  {
    name: 'applying',
    run: {
      view: sampleView(5, {
        status: 'applying',
        stages: sampleStages('terraform_apply'),
        plan: dangerousPlan,
        approval: approved,
      }),
      live: { terraform_apply: { done: 3, total: 12, lines: ['aws_db_instance.main: Creating...'] } },
      externalEnd: null,
    },
  },
  still(
    'succeeded',
    sampleView(6, {
      ...aMinuteLater,
      status: 'succeeded',
      stages: sampleStages(null),
      image: 'web:3f2a91c',
      plan: dangerousPlan,
      approval: approved,
      applied,
      outputs: [
        { name: 'endpoint', sensitive: false, value: 'https://web.example.com' },
        { name: 'password', sensitive: true, value: null },
      ],
    }),
  ),
  still(
    'no-changes',
    sampleView(7, {
      ...aMinuteLater,
      status: 'no_changes',
      stages: sampleStages('refresh_repo', 'skipped'),
    }),
  ),
  still(
    'denied',
    sampleView(8, {
      ...aMinuteLater,
      status: 'denied',
      stages: sampleStages('approval', 'cancelled'),
      plan: dangerousPlan,
      approval: sampleApproval({
        decision: {
          outcome: 'denied',
          by: grace,
          at: sampleTime,
          reason: 'too late today',
          digest: sampleDigest,
        },
      }),
    }),
  ),
  still(
    'expired',
    sampleView(9, {
      ...aMinuteLater,
      status: 'expired',
      stages: sampleStages('approval', 'cancelled'),
      plan: samplePlan(),
      approval: sampleApproval({
        decision: { outcome: 'expired', at: sampleTime + 660_000, digest: sampleDigest },
      }),
    }),
  ),
  still(
    'cancelled-in-apply',
    sampleView(10, {
      ...aMinuteLater,
      status: 'cancelled',
      stages: sampleStages('terraform_apply', 'cancelled'),
      plan: dangerousPlan,
      approval: approved,
      applied: { ...applied, done: 3, finished: ['aws_s3_bucket.logs'] },
      remaining: samplePlan({ counts: { ...noCounts, replace: 1, add: 1 } }),
      events: [{ seq: 0, at: sampleTime, kind: 'cancelled', by: ada, reason: 'wrong branch' }],
    }),
  ),
  still('failed-tests', failedTestsView(11)),
  still('failed-state-lock', failedLockView(12)),
  { name: 'terminated-outside', run: { view: sampleView(13), live: {}, externalEnd: 'terminated' } },
  still('hostile', hostileView(14)),
  still('provision-awaiting-override', awaitingOverrideView(15)),
  still('provision-overridden', overriddenView(16)),
  still('provision-forbidden', forbiddenView(17)),
  still('destroy-awaiting', destroyView(18)),
];
