import type { PlanAction, PlanCounts, PlanSummary } from '../../../workflows/contract/plan.ts';
import type { SensitiveValues } from '../secrets/sensitive-values.ts';
import type { Change, CheckResult, ResourceChange } from './plan-json.ts';

type Output = PlanSummary['outputs'][number];

const mostOutputs = 20;

const outputAction = (actions: readonly string[]): string | null => {
  if (actions.includes('no-op')) return null;
  if (actions.includes('create')) return actions.includes('delete') ? 'replace' : 'create';
  return actions[0] ?? null;
};

/** A failed check blames the objects it failed for, when it says so. */
const failuresOf = (check: CheckResult): readonly string[] => {
  const failed = (status: string): boolean => status === 'fail' || status === 'error';
  if (!failed(check.status)) return [];
  const blamed = (check.instances ?? []).filter(({ status }) => failed(status));
  return blamed.length > 0 ? blamed.map(({ address }) => address.to_display) : [check.address.to_display];
};

/** Everything of a plan that is small: its counts, outputs, checks, variables and flags. */
export const createPlanFacts = (secrets: SensitiveValues) => {
  const counts = { add: 0, change: 0, replace: 0, destroy: 0, import: 0, move: 0, forget: 0 };
  const totals = { destroy: 0, replace: 0, forget: 0, change: 0, import: 0, move: 0, create: 0 };
  const outputs: Output[] = [];
  const failedChecks: string[] = [];
  const variables = new Map<string, unknown>();
  const flags = new Map<string, unknown>();
  let reads = 0;

  const seeOutput = (name: string, change: Change): void => {
    secrets.addMarked(change.before, change.before_sensitive);
    secrets.addMarked(change.after, change.after_sensitive);
    const action = outputAction(change.actions);
    const sensitive = change.before_sensitive === true || change.after_sensitive === true;
    if (action !== null) outputs.push({ name: name.slice(0, 100), action, sensitive });
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
      // A resource may be moved or imported, and changed as well.
      if (change.importing) counts.import += 1;
      if (previous_address !== undefined && previous_address !== address) counts.move += 1;
      // OpenTofu and newer Terraform can forget one object and create the next.
      if (action === 'forget' && change.actions.includes('create')) counts.add += 1;
    },
    see(path: readonly string[], value: unknown): void {
      const name = path.at(-1) ?? '';
      if (path[0] === 'variables') variables.set(name, (value as { value?: unknown }).value);
      else if (path[0] === 'configuration') {
        const declared = value as { sensitive?: boolean; default?: unknown };
        if (declared.sensitive) secrets.add([variables.get(name), declared.default]);
        variables.delete(name);
      } else if (path[0] === 'output_changes') seeOutput(name, value as Change);
      else if (path[0] === 'checks') failedChecks.push(...failuresOf(value as CheckResult));
      else if (path[0] === 'prior_state') {
        const held = value as {
          values?: unknown;
          sensitive_values?: unknown;
          value?: unknown;
          sensitive?: boolean;
        };
        secrets.addMarked(held.values, held.sensitive_values);
        if (held.sensitive) secrets.add(held.value);
      } else flags.set(name, value);
    },
    /** Refuses what is not a plan: an empty document would look like a plan without changes. */
    end() {
      if (typeof flags.get('format_version') !== 'string')
        throw new Error('reading the plan: it has no format_version, so it is not a plan');
      const changed = Object.values(totals).some((count) => count > 0) || outputs.length > 0 || reads > 0;
      const more = outputs.length - mostOutputs;
      return {
        counts: counts satisfies PlanCounts,
        totals,
        outputs:
          more > 0
            ? [
                ...outputs.slice(0, mostOutputs),
                { name: `and ${more} more`, action: 'update', sensitive: false },
              ]
            : outputs,
        failedChecks,
        // OpenTofu does not say `applyable`.
        hasChanges: flags.get('applyable') === true || changed,
        errored: flags.get('errored') === true,
      };
    },
  };
};
