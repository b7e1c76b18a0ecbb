import type { PlanAction } from '../../../workflows/contract/plan.ts';
import type { SensitivityMarks } from '../secrets/sensitive-values.ts';

/**
 * One element of `resource_changes` and `resource_drift`; only the fields that Quarterdeck reads.
 * @see https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
 */
export interface ResourceChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode?: string;
  readonly type: string;
  /** Identifies an object that an earlier replacement left over. */
  readonly deposed?: string;
  readonly action_reason?: string;
  readonly change: Change;
}

/** What a plan does to one resource or output. */
export interface Change {
  readonly actions: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
  /** A tree parallel to `after`: true where the value is known only after apply. */
  readonly after_unknown?: unknown;
  readonly before_sensitive?: SensitivityMarks;
  readonly after_sensitive?: SensitivityMarks;
  readonly replace_paths?: readonly AttributePath[];
  readonly importing?: { readonly id?: string; readonly identity?: unknown };
}

/** The result of a `check` block, or of the conditions of one object. */
export interface CheckResult {
  readonly address: { readonly to_display: string };
  readonly status: string;
  readonly instances?: readonly {
    readonly address: { readonly to_display: string };
    readonly status: string;
  }[];
}

/** A path into a resource's attributes. */
export type AttributePath = readonly (string | number)[];

/** What Terraform would do to a resource; null for nothing, `read` for a data source read during apply. */
export const getAction = ({
  change,
  address,
  previous_address,
}: ResourceChange): PlanAction | 'read' | null => {
  const actions = new Set(change.actions);
  if (actions.has('create') && actions.has('delete')) return 'replace';
  if (actions.has('forget')) return 'forget';
  if (actions.has('delete')) return 'destroy';
  if (actions.has('create')) return 'create';
  if (actions.has('update')) return 'change';
  if (actions.has('read')) return 'read';
  if (!actions.has('no-op')) return 'change';
  if (change.importing) return 'import';
  return previous_address !== undefined && previous_address !== address ? 'move' : null;
};

const knownActions = new Set(['create', 'delete', 'forget', 'update', 'read', 'no-op']);

/** Actions that this version does not know, such as one of a newer Terraform. They are shown, never skipped. */
export const getUnknownActions = ({ change }: ResourceChange): readonly string[] =>
  change.actions.filter((action) => !knownActions.has(action));
