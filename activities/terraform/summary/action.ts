import type { PlanAction } from '../../../workflows/contract/plan.ts';
import type { ResourceChange } from './plan-json.ts';

/** What Terraform would do to a resource; null when nothing, `read` for a data source read during apply. */
export const actionOf = ({
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
