import type { RunView } from '../../../workflows/contract/run-view.ts';
import { provisionStages } from '../../../workflows/contract/stage.ts';
import {
  grace,
  noCounts,
  sampleApproval,
  sampleDigest,
  samplePlan,
  sampleStages,
  sampleTime,
  sampleView,
} from './sample-parts.ts';

const stackView = (index: number, stack: string, changes: Partial<RunView>): RunView => ({
  ...sampleView(index, { kind: 'provision', name: stack, environment: null, commit: null, ...changes }),
  workflowId: `provision-${stack}-${index.toString(16).padStart(2, '0')}c0ffee-0000-4000-8000-000000000000`,
});

const adminUser = {
  rule: 'admin_user',
  level: 'soft',
  message: 'temporalcloud_user.global_admin becomes an admin of the whole account.',
} as const;
const accountOwner = {
  rule: 'account_owner',
  level: 'hard',
  message: 'temporalcloud_user.owner would own the account; that role is never given by code.',
} as const;
const newUser = samplePlan({
  changes: [
    {
      address: 'temporalcloud_user.global_admin',
      action: 'create',
      forcedBy: [],
      attributes: [],
      note: null,
    },
  ],
});
const vote = { by: grace, at: sampleTime + 70_000, reason: 'the auditors need it until Friday' } as const;

export const awaitingOverrideView = (index: number): RunView =>
  stackView(index, 'admin-user', {
    status: 'awaiting_approval',
    stages: sampleStages('approval', 'running', provisionStages),
    plan: newUser,
    policy: { outcome: 'soft', violations: [adminUser] },
    approval: sampleApproval(),
  });

export const overriddenView = (index: number): RunView =>
  stackView(index, 'admin-user', {
    status: 'succeeded',
    endedAt: sampleTime + 92_000,
    stages: sampleStages(null, 'running', provisionStages),
    plan: newUser,
    policy: { outcome: 'soft', violations: [adminUser] },
    approval: sampleApproval({
      votes: [vote],
      decision: { outcome: 'approved', votes: [vote], digest: sampleDigest },
    }),
    applied: { added: 1, changed: 0, destroyed: 0, done: 1, total: 1, finished: [] },
    outputs: [{ name: 'user_id', sensitive: false, value: 'u-42' }],
  });

export const forbiddenView = (index: number): RunView =>
  stackView(index, 'account-owner', {
    status: 'failed',
    endedAt: sampleTime + 12_000,
    stages: sampleStages('evaluate_policy', 'failed', provisionStages),
    plan: newUser,
    policy: { outcome: 'hard', violations: [adminUser, accountOwner] },
    failure: {
      stage: 'evaluate_policy',
      type: 'PolicyViolation',
      message: `the policy forbids this plan: ${accountOwner.message}`,
      hint: 'Change the code or the rule, then run it again.',
      tail: [],
      log: null,
    },
  });

export const destroyView = (index: number): RunView =>
  stackView(index, 'network', {
    kind: 'destroy',
    status: 'awaiting_approval',
    stages: sampleStages('approval', 'running', provisionStages),
    plan: samplePlan({
      counts: { ...noCounts, destroy: 2 },
      changes: ['terraform_data.vpc', 'terraform_data.subnet[0]'].map((address) => ({
        address,
        action: 'destroy',
        forcedBy: [],
        attributes: [],
        note: null,
      })),
    }),
    approval: sampleApproval({ approvers: [] }),
  });
