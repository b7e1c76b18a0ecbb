import type { PlanAction, PlanCounts, PlanSummary } from '../../../workflows/contract/plan.ts';
import type { SensitiveValues } from '../secrets/sensitive-values.ts';
import type { Change, CheckResult, ResourceChange } from './plan-json.ts';

type Output = PlanSummary['outputs'][number];

const maxOutputs = 20;

const getOutputAction = (actions: readonly string[]): string | null => {
  if (actions.includes('no-op')) return null;
  if (actions.includes('create')) return actions.includes('delete') ? 'replace' : 'create';
  return actions[0] ?? null;
};

/** The addresses of the objects for which a check failed, or of the check when it names none. */
const getFailedAddresses = (check: CheckResult): readonly string[] => {
  const hasFailed = (status: string): boolean => status === 'fail' || status === 'error';
  if (!hasFailed(check.status)) return [];
  const failed = (check.instances ?? []).filter(({ status }) => hasFailed(status));
  return failed.length > 0 ? failed.map(({ address }) => address.to_display) : [check.address.to_display];
};

/** One more output says how many are not listed. */
const limitOutputs = (outputs: readonly Output[]): readonly Output[] => {
  const more = outputs.length - maxOutputs;
  if (more <= 0) return outputs;
  return [...outputs.slice(0, maxOutputs), { name: `and ${more} more`, action: 'update', sensitive: false }];
};

/** Collects the small parts of a plan: counts, outputs, checks, variables and flags. Adds their secrets to `secrets`. */
export const createPlanFacts = (secrets: SensitiveValues) => {
  const counts = { add: 0, change: 0, replace: 0, destroy: 0, import: 0, move: 0, forget: 0 };
  const totals = { destroy: 0, replace: 0, forget: 0, change: 0, import: 0, move: 0, create: 0 };
  const outputs: Output[] = [];
  const failedChecks: string[] = [];
  const variables = new Map<string, unknown>();
  const flags = new Map<string, unknown>();
  let reads = 0;

  const takeOutput = (name: string, change: Change): void => {
    secrets.addMarked(change.before, change.before_sensitive);
    secrets.addMarked(change.after, change.after_sensitive);
    const action = getOutputAction(change.actions);
    const sensitive = change.before_sensitive === true || change.after_sensitive === true;
    if (action !== null) outputs.push({ name: name.slice(0, 100), action, sensitive });
  };

  /** Terraform lists the values of variables before their declarations. */
  const takeDeclaration = (name: string, declared: { sensitive?: boolean; default?: unknown }): void => {
    if (declared.sensitive) secrets.add([variables.get(name), declared.default]);
    variables.delete(name);
  };

  /** A resource or an output of the state before the plan. */
  const takePriorState = (held: {
    values?: unknown;
    sensitive_values?: unknown;
    value?: unknown;
    sensitive?: boolean;
  }): void => {
    secrets.addMarked(held.values, held.sensitive_values);
    if (held.sensitive) secrets.add(held.value);
  };

  return {
    count({ change, address, previous_address }: ResourceChange, action: PlanAction | 'read'): void {
      if (action === 'read') {
        reads += 1;
        return;
      }
      totals[action] += 1;
      if (action === 'create') counts.add += 1;
      else if (action !== 'import' && action !== 'move') counts[action] += 1;
      // A resource may be moved or imported, and also changed.
      if (change.importing) counts.import += 1;
      if (previous_address !== undefined && previous_address !== address) counts.move += 1;
      // OpenTofu and newer Terraform versions can forget one object and create the next.
      if (action === 'forget' && change.actions.includes('create')) counts.add += 1;
    },
    takePart(path: readonly string[], value: unknown): void {
      const name = path.at(-1) ?? '';
      if (path[0] === 'variables') variables.set(name, (value as { value?: unknown }).value);
      else if (path[0] === 'configuration') takeDeclaration(name, value as { sensitive?: boolean });
      else if (path[0] === 'output_changes') takeOutput(name, value as Change);
      else if (path[0] === 'checks') failedChecks.push(...getFailedAddresses(value as CheckResult));
      else if (path[0] === 'prior_state') takePriorState(value as Readonly<Record<string, never>>);
      else flags.set(name, value);
    },
    /** Throws for a document that is not a plan: an empty one would look like a plan without changes. */
    end() {
      if (typeof flags.get('format_version') !== 'string')
        throw new Error('reading the plan: format_version is missing, so this is not a plan');
      const changed = Object.values(totals).some((count) => count > 0) || outputs.length > 0 || reads > 0;
      return {
        counts: counts satisfies PlanCounts,
        totals: totals satisfies Readonly<Record<PlanAction, number>>,
        outputs: limitOutputs(outputs),
        failedChecks,
        // OpenTofu does not set `applyable`.
        hasChanges: flags.get('applyable') === true || changed,
        errored: flags.get('errored') === true,
      };
    },
  };
};
