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

/** The JSON Schema by which editors complete and check `quarterdeck.yaml`. */
export const catalogJsonSchema = (): Record<string, unknown> => ({
  ...z.toJSONSchema(catalogSchema, { io: 'input', target: 'draft-7' }),
  title: 'Quarterdeck catalog',
});

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
      .describe('Who may approve: e-mails and group:name. Empty: anyone.'),
    selfApproval: z
      .boolean('must be true or false')
      .default(false)
      .describe('May the person who asked approve?'),
    timeout: timeout.default('10m').describe('Without a decision by then nothing is applied.'),
    when: z
      .enum(['always', 'on-policy-failure'], 'must be always or on-policy-failure')
      .default('always')
      .describe('Ask about every plan, or only about one that the policy objects to.'),
  })
  .describe('Who must say yes before Terraform applies.');

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
    .describe('auto takes docker when an engine answers, else buildah.'),
});

const terraformSettings = {
  backend: backend.default({}).describe('Settings for -backend-config; no secrets.'),
  variables: variables.default({}).describe('Passed as TF_VAR_<name>.'),
};

const serviceTerraform = z.union(
  [insidePath, z.strictObject({ directory: insidePath, ...terraformSettings })],
  'must be a directory, or an object with a directory',
);

const limit = z.int('must be a whole number').min(0, 'must be at least 0');

const policy = z
  .strictObject({
    maxDestroys: limit.optional().describe('A plan that destroys or replaces more is forbidden.'),
    reviewDestroysAbove: limit
      .optional()
      .describe('A plan that destroys or replaces more is asked about. Default: 5.'),
    protected: z
      .array(protectedPattern)
      .optional()
      .describe('Addresses or types of resources that no plan may destroy; * stands for anything.'),
  })
  .describe('What the rules of the policy go by.');

const environment = z
  .strictObject({
    approval: approval.default({
      required: 1,
      approvers: [],
      selfApproval: false,
      timeout: '10m',
      when: 'always',
    }),
    branch: gitRef.optional().describe('Instead of the service’s branch.'),
    terraform: z.strictObject(terraformSettings).optional(),
    policy: policy.optional(),
  })
  .nullable();

const audience = z.strictObject({
  to: conversation,
  events: z.enum(['all', 'failures'], 'must be all or failures').default('all'),
});

const service = z.strictObject({
  repo: repository.describe('Path, file://, https:// or ssh address of the git repository.'),
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
  directory: insidePath.describe('Terraform code, inside the folder of this file.'),
  approval: approval.default('on-policy-failure'),
  dependsOn: z.array(z.string()).default([]),
  ...terraformSettings,
  requires: z
    .array(environmentVariable)
    .default([])
    .describe('Variables of the worker’s environment without which nothing is run; Terraform sees them.'),
  policy: policy.optional(),
  drift: drift.optional().describe('How often the stack is compared with what is really there: every 6h.'),
  notify: z.array(audience).default([]),
});

/** `quarterdeck.yaml` as it is written. */
export const catalogSchema = z
  .strictObject({
    services: named(service).default({}),
    stacks: named(stack).default({}),
    groups: named(z.array(email).min(1, 'must name at least one person')).default({}),
  })
  .describe('What Quarterdeck may deploy, where, and who must approve it.');

/** The catalog after parsing: defaults filled in, not yet resolved. */
export type CatalogFile = z.output<typeof catalogSchema>;
export type ServiceEntry = CatalogFile['services'][string];
export type EnvironmentEntry = ServiceEntry['environments'][string];
export type ApprovalEntry = NonNullable<EnvironmentEntry>['approval'];
export type StackEntry = CatalogFile['stacks'][string];

/** Every key that the schema knows, to name the one that was meant. */
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
