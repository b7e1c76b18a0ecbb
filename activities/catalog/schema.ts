import { z } from 'zod';
import {
  approver,
  backend,
  commandLine,
  conversation,
  drift,
  email,
  environmentVariable,
  gitRef,
  imageName,
  insidePath,
  named,
  protectedPattern,
  repository,
  timeout,
  variables,
} from './fields.ts';

const approvalRule = z
  .strictObject({
    required: z
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(20, 'must be at most 20')
      .default(1)
      .describe('How many people must approve.'),
    approvers: z
      .array(approver)
      .default([])
      .describe('Who may approve: emails and group:name. Empty: anyone.'),
    selfApproval: z
      .boolean('must be true or false')
      .default(false)
      .describe('Whether the person who started the run may approve it.'),
    timeout: timeout
      .default('10m')
      .describe('How long an approval request stays open. Without a decision nothing is applied.'),
    when: z
      .enum(['always', 'on-policy-failure'], 'must be always or on-policy-failure')
      .default('always')
      .describe('Whether every plan needs approval, or only a plan that violates the policy.'),
  })
  .describe('Who must approve before Terraform applies.');

const approval = z.union(
  [z.enum(['none', 'on-policy-failure']), approvalRule],
  'must be none, on-policy-failure, or an object such as { required: 1 }',
);

const image = z.strictObject({
  name: imageName,
  dockerfile: insidePath.default('Dockerfile'),
  builder: z
    .enum(['auto', 'docker', 'buildah', 'none'], 'must be auto, docker, buildah or none')
    .default('auto')
    .describe('auto uses Docker if an engine responds, else buildah.'),
});

const terraformSettings = {
  backend: backend.default({}).describe('Settings for -backend-config, without secrets.'),
  variables: variables.default({}).describe('Passed as TF_VAR_<name>.'),
};

const serviceTerraform = z.union(
  [insidePath, z.strictObject({ directory: insidePath, ...terraformSettings })],
  'must be a directory, or an object with a directory',
);

const limit = z.int('must be a whole number').min(0, 'must be at least 0');

const policy = z
  .strictObject({
    maxDestroys: limit.optional().describe('A plan that destroys or replaces more resources is forbidden.'),
    reviewDestroysAbove: limit
      .optional()
      .describe('A plan that destroys or replaces more resources needs approval. Default: 5.'),
    protected: z
      .array(protectedPattern)
      .optional()
      .describe('Addresses or types of resources that no plan may destroy; * matches anything.'),
  })
  .describe('Policy settings.');

const environment = z
  .strictObject({
    approval: approval.default({
      required: 1,
      approvers: [],
      selfApproval: false,
      timeout: '10m',
      when: 'always',
    }),
    branch: gitRef.optional().describe('Replaces the service’s branch.'),
    terraform: z.strictObject(terraformSettings).optional(),
    policy: policy.optional(),
  })
  .nullable();

const audience = z.strictObject({
  to: conversation,
  events: z.enum(['all', 'failures'], 'must be all or failures').default('all'),
});

const service = z.strictObject({
  repo: repository.describe('Path, file://, https:// or ssh URL of the git repository.'),
  branch: gitRef.default('main'),
  install: commandLine.optional(),
  test: commandLine.optional(),
  image: image.optional(),
  terraform: serviceTerraform.optional().describe('Directory inside the repository.'),
  policy: policy.optional(),
  environments: named(environment)
    .refine((all) => Object.keys(all).length > 0, 'must name at least one environment')
    .describe('The first one is the default.'),
  notify: z.array(audience).default([]),
});

const stack = z.strictObject({
  directory: insidePath.describe('Directory of the Terraform code, inside the folder of this file.'),
  approval: approval.default('on-policy-failure'),
  dependsOn: z
    .array(z.string())
    .default([])
    .describe(
      'Stacks that this one builds on. Checked for unknown names and cycles; not used when a stack runs.',
    ),
  ...terraformSettings,
  requires: z
    .array(environmentVariable)
    .default([])
    .describe('Environment variables that the worker must have. Terraform sees them.'),
  policy: policy.optional(),
  drift: drift.optional().describe('How often Quarterdeck checks the stack for drift, such as every 6h.'),
  notify: z.array(audience).default([]),
});

/** `quarterdeck.yaml` as written. */
export const catalogSchema = z
  .strictObject({
    services: named(service).default({}),
    stacks: named(stack).default({}),
    groups: named(z.array(email).min(1, 'must name at least one person')).default({}),
  })
  .describe('The services and stacks that Quarterdeck may deploy, and who must approve it.');

/** The catalog after parsing, with defaults, before groups and paths are resolved. */
export type CatalogFile = z.output<typeof catalogSchema>;
/** One service of the catalog. */
export type ServiceEntry = CatalogFile['services'][string];
/** One environment of a service; null if nothing is written below its name. */
export type EnvironmentEntry = ServiceEntry['environments'][string];
/** An approval rule as written: `none`, `on-policy-failure` or an object. */
export type ApprovalEntry = NonNullable<EnvironmentEntry>['approval'];
/** One stack of the catalog. */
export type StackEntry = CatalogFile['stacks'][string];

/** All keys of the schema, to suggest the closest match of an unknown key. */
export const knownKeys: readonly string[] = [
  catalogSchema,
  service,
  image,
  approvalRule,
  policy,
  audience,
  stack,
  z.strictObject({ directory: insidePath, ...terraformSettings }),
  environment.unwrap(),
].flatMap((object) => Object.keys(object.shape));

/** The JSON Schema with which editors complete and check `quarterdeck.yaml`. */
export const catalogJsonSchema = (): Record<string, unknown> => ({
  ...z.toJSONSchema(catalogSchema, { io: 'input', target: 'draft-7' }),
  title: 'Quarterdeck catalog',
});
