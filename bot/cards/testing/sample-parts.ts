import type { ApprovalView } from '../../../workflows/contract/decision.ts';
import type { PlanSummary } from '../../../workflows/contract/plan.ts';
import type { RunPlan, RunView } from '../../../workflows/contract/run-view.ts';
import {
  deployStages,
  type StageName,
  type StageState,
  type StageView,
} from '../../../workflows/contract/stage.ts';

/** 5 March 2026, 14:22 UTC. */
export const sampleTime = Date.UTC(2026, 2, 5, 14, 22);

export const ada = { id: 'ada@example.com', name: 'Ada' } as const;
export const grace = { id: 'grace@example.com', name: 'Grace' } as const;

export const sampleDigest = 'd1'.repeat(32);

const text = { key: 'total-build-x/plan.txt', bytes: 1200, sha256: 'ab'.repeat(32) } as const;

/** Stages of which those before `current` are done. */
export const sampleStages = (
  current: StageName | null,
  state: StageState = 'running',
  stages: readonly StageName[] = deployStages,
): readonly StageView[] => {
  const at = current === null ? stages.length : stages.indexOf(current);
  return stages.map((name, index) => ({
    name,
    state: index < at ? 'succeeded' : index === at ? state : 'pending',
    startedAt: index <= at ? sampleTime + index * 5000 : null,
    endedAt: index < at || (index === at && state !== 'running') ? sampleTime + index * 5000 + 4200 : null,
    detail: name === 'perform_tests' && index < at ? '42 tests passed' : null,
    tail: [],
    log: null,
    attempt: index <= at ? 1 : 0,
  }));
};

export const noCounts = { add: 0, change: 0, replace: 0, destroy: 0, import: 0, move: 0, forget: 0 } as const;

export const samplePlan = (summary: Partial<PlanSummary> = {}): RunPlan => ({
  summary: {
    counts: { ...noCounts, add: 1 },
    changes: [{ address: 'aws_sqs_queue.jobs', action: 'create', forcedBy: [], attributes: [], note: null }],
    omitted: {},
    drift: [],
    outputs: [],
    failedChecks: [],
    hasChanges: true,
    ...summary,
  },
  text,
  digest: sampleDigest,
});

export const dangerousPlan = samplePlan({
  counts: { ...noCounts, add: 2, change: 1, replace: 1, destroy: 1 },
  changes: [
    {
      address: 'aws_db_instance.reports',
      action: 'destroy',
      forcedBy: [],
      attributes: [],
      note: 'no longer in the code',
    },
    {
      address: 'aws_db_instance.main',
      action: 'replace',
      forcedBy: ['storage_encrypted'],
      attributes: [
        { name: 'storage_encrypted', values: { before: 'false', after: 'true' }, risky: false },
        { name: 'endpoint', values: null, risky: false },
      ],
      note: null,
    },
    {
      address: 'aws_security_group.web',
      action: 'change',
      forcedBy: [],
      attributes: [
        { name: 'description', values: null, risky: false },
        { name: 'ingress.0.cidr_blocks', values: { before: '10.0.0.0/8', after: '0.0.0.0/0' }, risky: true },
      ],
      note: null,
    },
    { address: 'aws_s3_bucket.logs', action: 'create', forcedBy: [], attributes: [], note: null },
    {
      address: 'module.cdn["eu"].aws_cloudfront_distribution.this',
      action: 'create',
      forcedBy: [],
      attributes: [],
      note: null,
    },
  ],
  drift: ['aws_iam_role.deployer'],
  outputs: [{ name: 'endpoint', action: 'update', sensitive: false }],
});

export const sampleApproval = (changes: Partial<ApprovalView> = {}): ApprovalView => ({
  digest: sampleDigest,
  required: 1,
  approvers: [ada.id, grace.id],
  selfApproval: false,
  askedAt: sampleTime + 60_000,
  expiresAt: sampleTime + 660_000,
  votes: [],
  decision: null,
  ...changes,
});

/** A run that has just been asked for; `changes` makes it another. */
export const sampleView = (index: number, changes: Partial<RunView> = {}): RunView => ({
  workflowId: `total-build-${index.toString(16).padStart(2, '0')}c0ffee-0000-4000-8000-000000000000`,
  kind: 'deploy',
  name: 'web',
  environment: 'production',
  ref: null,
  force: false,
  commit: {
    sha: '3f2a91c0d4e5b6a7988776655443322110ffeedd',
    subject: 'Serve the new landing page',
    author: 'Ada',
  },
  requestedBy: ada,
  conversation: 'console:demo',
  audiences: [],
  askedAt: sampleTime,
  endedAt: null,
  status: 'running',
  progress: 30,
  queue: null,
  stages: sampleStages('perform_tests'),
  image: null,
  plan: null,
  policy: null,
  approval: null,
  applied: null,
  remaining: null,
  outputs: [],
  failure: null,
  events: [{ seq: 0, at: sampleTime, kind: 'asked', by: ada, ref: 'main', force: false }],
  retryUntil: null,
  ...changes,
});
