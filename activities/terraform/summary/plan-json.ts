import type { PlanAction } from '../../../workflows/contract/plan.ts';
import type { Marks } from '../secrets/sensitive-values.ts';

/** What Terraform would do to a resource; null when nothing, `read` for a data source read during apply. */
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

const known = new Set(['create', 'delete', 'forget', 'update', 'read', 'no-op']);

/** An action that this version of ours has never heard of is shown by its name, never passed over. */
export const unknownActions = ({ change }: ResourceChange): readonly string[] =>
  change.actions.filter((action) => !known.has(action));

/** One element of `resource_changes` and `resource_drift`, as far as we read it. */
export interface ResourceChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode?: string;
  readonly type: string;
  /** An object that an earlier replacement left behind. */
  readonly deposed?: string;
  readonly action_reason?: string;
  readonly change: Change;
}

export interface Change {
  readonly actions: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
  /** Parallel tree: true where the value is known only after apply. */
  readonly after_unknown?: unknown;
  readonly before_sensitive?: Marks;
  readonly after_sensitive?: Marks;
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  readonly importing?: { readonly id?: string; readonly identity?: unknown };
}

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
