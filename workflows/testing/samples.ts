import type { ArtifactRef } from '../contract/artifact.ts';
import type { Person } from '../contract/person.ts';
import type { SavedPlan } from '../contract/plan.ts';
import type { ApprovalRule, PolicySettings, ServiceTarget, StackTarget } from '../contract/target.ts';

export const ada: Person = { id: 'ada@example.com', name: 'Ada' };
export const grace: Person = { id: 'grace@example.com', name: 'Grace' };
export const linus: Person = { id: 'linus@example.com', name: 'Linus' };

export const sampleCommit = '3f2a91c0de3f2a91c0de3f2a91c0de3f2a91c0de';

/** The digest of a stack's files. */
export const sampleFiles = 'f00d'.repeat(16);

export const sampleRule: ApprovalRule = {
  required: 1,
  approvers: [ada.id, grace.id],
  selfApproval: false,
  timeoutMs: 600_000,
};

export const samplePolicy: PolicySettings = { maxDestroys: null, reviewDestroysAbove: 5, protected: [] };

export const sampleTarget = (service: string, environment: string): ServiceTarget => ({
  kind: 'service',
  name: service,
  environment,
  repo: '/srv/git/web.git',
  branch: 'main',
  install: 'npm ci',
  test: 'npm test',
  image: { name: service, dockerfile: 'Dockerfile', builder: 'auto' },
  terraform: { directory: 'terraform', backend: {}, variables: { environment } },
  approval: sampleRule,
  override: sampleRule,
  policy: samplePolicy,
  notify: [],
});

export const sampleStack = (stack: string): StackTarget => ({
  kind: 'stack',
  name: stack,
  directory: `terraform/stacks/${stack}`,
  source: `/srv/terraform/stacks/${stack}`,
  terraform: { directory: '.', backend: {}, variables: {} },
  requires: [],
  dependsOn: [],
  approval: null,
  override: sampleRule,
  policy: samplePolicy,
  notify: [],
});

export const sampleArtifact = (key: string): ArtifactRef => ({ key, bytes: 42, sha256: 'a'.repeat(64) });

/** Plans with different labels have different plan files. */
export const samplePlan = (label: string, hasChanges = true): SavedPlan => ({
  summary: {
    counts: { add: hasChanges ? 2 : 0, change: 1, replace: 0, destroy: 0, import: 0, move: 0, forget: 0 },
    changes: [
      {
        address: 'aws_instance.web',
        action: 'change',
        forcedBy: [],
        attributes: [
          { name: 'instance_type', values: null, risky: false },
          { name: 'monitoring', values: { before: 'true', after: 'false' }, risky: true },
        ],
        note: null,
      },
      { address: 'aws_eip.web', action: 'create', forcedBy: [], attributes: [], note: null },
      { address: 'aws_route53_record.web', action: 'create', forcedBy: [], attributes: [], note: null },
    ],
    omitted: {},
    drift: [],
    outputs: [{ name: 'url', action: 'create', sensitive: false }],
    failedChecks: [],
    hasChanges,
  },
  file: { ...sampleArtifact('plan/tfplan'), sha256: label.padEnd(64, '0') },
  text: sampleArtifact('plan/plan.txt'),
  json: sampleArtifact('plan/plan.json'),
  lock: sampleArtifact('plan/.terraform.lock.hcl'),
});
