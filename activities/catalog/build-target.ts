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

const asSettings = (values: Readonly<Record<string, string | number | boolean>> = {}): Settings =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));

const unique = (people: readonly string[]): readonly string[] => [...new Set(people)];

const defaultApproval = { required: 1, approvers: [], selfApproval: false, timeout: '10m' };

/** Whom a plan is put to: every plan, and one that the policy objects to. */
interface Approvals {
  readonly approval: ApprovalRule | null;
  readonly override: ApprovalRule;
}

/** The rules with their groups replaced by people. An environment without a word asks about every plan. */
export const approvalRules = (
  written: ApprovalEntry | undefined = { ...defaultApproval, when: 'always' },
  groups: CatalogFile['groups'] = {},
): Approvals => {
  if (typeof written === 'string') return { approval: null, override: resolveRule(defaultApproval, groups) };
  const override = resolveRule(written, groups);
  return { approval: written.when === 'always' ? override : null, override };
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

/** A path is meant from the catalog's folder; an address stands as it is. */
const fromCatalog = (file: string, repo: string): string =>
  repo.includes('://') || /^[^/]+:/.test(repo) || isAbsolute(repo) ? repo : resolve(dirname(file), repo);

/**
 * The local backend's file is meant from the catalog's folder too: inside a worktree it would be lost.
 * Other backends have a `path` as well (Consul's keys), and other settings by which they are known.
 */
const placeState = (file: string, backend: Settings): Settings => {
  const isLocal = Object.keys(backend).every((key) => key === 'path' || key === 'workspace_dir');
  return isLocal
    ? Object.fromEntries(Object.entries(backend).map(([key, path]) => [key, resolve(dirname(file), path)]))
    : backend;
};

const terraformOf = (
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
    backend: placeState(file, { ...asSettings(shared.backend), ...asSettings(own?.backend) }),
    variables: { ...asSettings(shared.variables), ...asSettings(own?.variables) },
  };
};

const defaultReviewDestroysAbove = 5;

/** Limits of the narrower place win; what is protected anywhere is protected. */
const policySettings = (shared: ServiceEntry['policy'], own?: ServiceEntry['policy']): PolicySettings => ({
  maxDestroys: own?.maxDestroys ?? shared?.maxDestroys ?? null,
  reviewDestroysAbove: own?.reviewDestroysAbove ?? shared?.reviewDestroysAbove ?? defaultReviewDestroysAbove,
  protected: unique([...(shared?.protected ?? []), ...(own?.protected ?? [])]),
});

/** What a run needs to know, from a catalog that was found to be right. */
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
    repo: fromCatalog(file, service.repo),
    branch: environment?.branch ?? service.branch,
    install: service.install ?? null,
    test: service.test ?? null,
    image: service.image ?? null,
    terraform: terraformOf(file, service, environment),
    ...approvalRules(environment?.approval, catalog.groups),
    policy: policySettings(service.policy, environment?.policy),
    notify: service.notify,
  };
};

/** The same for a stack. */
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
    backend: placeState(file, asSettings(stack.backend)),
    variables: asSettings(stack.variables),
  },
  requires: stack.requires,
  dependsOn: stack.dependsOn,
  ...approvalRules(stack.approval, catalog.groups),
  policy: policySettings(stack.policy),
  notify: stack.notify,
});
