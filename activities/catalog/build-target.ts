import { dirname, isAbsolute, resolve } from 'node:path';
import ms, { type StringValue } from 'ms';
import type {
  ApprovalRule,
  PolicySettings,
  ServiceTarget,
  StackTarget,
} from '../../workflows/contract/target.ts';
import type { ApprovalEntry, CatalogFile, EnvironmentEntry, ServiceEntry, StackEntry } from './schema.ts';

type Settings = Readonly<Record<string, string>>;

const toSettings = (values: Readonly<Record<string, string | number | boolean>> = {}): Settings =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));

const unique = (people: readonly string[]): readonly string[] => [...new Set(people)];

const defaultApproval = { required: 1, approvers: [], selfApproval: false, timeout: '10m' };

/** The approval rules of a target: for every plan, and for a plan that violates the policy. */
interface Approvals {
  readonly approval: ApprovalRule | null;
  readonly override: ApprovalRule;
}

/** The rules with their groups resolved. By default every plan needs one approval. */
export const approvalRules = (
  entry: ApprovalEntry | undefined = { ...defaultApproval, when: 'always' },
  groups: CatalogFile['groups'] = {},
): Approvals => {
  if (typeof entry === 'string') return { approval: null, override: resolveRule(defaultApproval, groups) };
  const override = resolveRule(entry, groups);
  return { approval: entry.when === 'always' ? override : null, override };
};

const resolveRule = (
  { required, approvers, selfApproval, timeout }: Omit<Exclude<ApprovalEntry, string>, 'when'>,
  groups: CatalogFile['groups'],
): ApprovalRule => {
  return {
    required,
    approvers: unique(
      approvers.flatMap((one) => (one.startsWith('group:') ? (groups[one.slice(6)] ?? []) : [one])),
    ),
    selfApproval,
    timeoutMs: ms(timeout as StringValue),
  };
};

/** Resolves a path from the catalog's folder; returns a URL unchanged. */
const resolveRepository = (file: string, repo: string): string =>
  repo.includes('://') || /^[^/]+:/.test(repo) || isAbsolute(repo) ? repo : resolve(dirname(file), repo);

/**
 * Resolves the local backend's paths from the catalog's folder: inside a working tree the state would be
 * lost. Other backends have a `path` too, such as Consul, but always further settings.
 */
const resolveBackend = (file: string, backend: Settings): Settings => {
  const isLocal = Object.keys(backend).every((key) => key === 'path' || key === 'workspace_dir');
  return isLocal
    ? Object.fromEntries(Object.entries(backend).map(([key, path]) => [key, resolve(dirname(file), path)]))
    : backend;
};

const resolveTerraform = (
  file: string,
  service: ServiceEntry,
  environment: EnvironmentEntry,
): ServiceTarget['terraform'] => {
  if (service.terraform === undefined) return null;
  const base = typeof service.terraform === 'string' ? { directory: service.terraform } : service.terraform;
  const shared = 'backend' in base ? base : { backend: {}, variables: {} };
  const own = environment?.terraform;
  return {
    directory: base.directory,
    backend: resolveBackend(file, { ...toSettings(shared.backend), ...toSettings(own?.backend) }),
    variables: { ...toSettings(shared.variables), ...toSettings(own?.variables) },
  };
};

const defaultReviewDestroysAbove = 5;

/** The environment's limits replace the service's; the protected resources of both apply. */
const policySettings = (shared: ServiceEntry['policy'], own?: ServiceEntry['policy']): PolicySettings => ({
  maxDestroys: own?.maxDestroys ?? shared?.maxDestroys ?? null,
  reviewDestroysAbove: own?.reviewDestroysAbove ?? shared?.reviewDestroysAbove ?? defaultReviewDestroysAbove,
  protected: unique([...(shared?.protected ?? []), ...(own?.protected ?? [])]),
});

/** A service's target, from a valid catalog. `file` is the catalog's path. */
export const toServiceTarget = (
  file: string,
  catalog: CatalogFile,
  names: { readonly service: string; readonly environment: string },
  service: ServiceEntry,
): ServiceTarget => {
  const environment = service.environments[names.environment] ?? null;
  return {
    kind: 'service',
    name: names.service,
    environment: names.environment,
    repo: resolveRepository(file, service.repo),
    branch: environment?.branch ?? service.branch,
    install: service.install ?? null,
    test: service.test ?? null,
    image: service.image ?? null,
    terraform: resolveTerraform(file, service, environment),
    ...approvalRules(environment?.approval, catalog.groups),
    policy: policySettings(service.policy, environment?.policy),
    notify: service.notify,
  };
};

/** A stack's target, from a valid catalog. `file` is the catalog's path. */
export const toStackTarget = (
  file: string,
  catalog: CatalogFile,
  name: string,
  stack: StackEntry,
): StackTarget => ({
  kind: 'stack',
  name,
  directory: stack.directory,
  source: resolve(dirname(file), stack.directory),
  terraform: {
    directory: '.',
    backend: resolveBackend(file, toSettings(stack.backend)),
    variables: toSettings(stack.variables),
  },
  requires: stack.requires,
  dependsOn: stack.dependsOn,
  ...approvalRules(stack.approval, catalog.groups),
  policy: policySettings(stack.policy),
  notify: stack.notify,
});
