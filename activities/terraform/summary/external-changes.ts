import type { PlanAction } from '../../../workflows/contract/plan.ts';
import { attributeDiff, knownAfterApply } from './attribute-diff.ts';
import type { AttributePath, ResourceChange } from './plan-json.ts';

/** A resource that was changed outside Terraform and that the plan acts on. */
export interface ExternalChange {
  readonly address: string;
  /** null: it was deleted. */
  readonly attributes: readonly AttributePath[] | null;
}

/** The first segments are precise enough: providers reorder the contents of an attribute. */
const getChangedNames = (resource: ResourceChange): ReadonlySet<string> =>
  new Set(
    attributeDiff(resource.change)
      .filter(
        ({ before, after }) => after !== knownAfterApply && (before !== undefined || after !== undefined),
      )
      .map(({ path }) => String(path[0])),
  );

/** Relates `resource_drift` to `resource_changes`; Terraform lists the drift first. */
export interface ExternalChangeTracker {
  addDrift(resource: ResourceChange): void;
  addPlanned(resource: ResourceChange, action: PlanAction): void;
  readonly found: readonly ExternalChange[];
}

/**
 * Most of `resource_drift` is normalization by the provider. So a drifted resource counts only in three cases: the plan
 * changes the same attribute, destroys the changed resource, or creates a deleted one again.
 */
export const createExternalChangeTracker = (): ExternalChangeTracker => {
  const drifted = new Map<string, ReadonlySet<string> | null>();
  const found: ExternalChange[] = [];
  return {
    addDrift(resource) {
      const isDeleted = resource.change.actions.includes('delete');
      const names = isDeleted ? null : getChangedNames(resource);
      if (names === null || names.size > 0) drifted.set(resource.address, names);
    },
    addPlanned(resource, action) {
      const names = drifted.get(resource.address);
      if (names === undefined) return;
      drifted.delete(resource.address);
      if (names === null) {
        found.push({ address: resource.address, attributes: null });
        return;
      }
      const planned = action === 'destroy' ? names : getChangedNames(resource);
      const shared = [...names].filter((name) => planned.has(name));
      if (shared.length > 0)
        found.push({ address: resource.address, attributes: shared.map((name) => [name]) });
    },
    found,
  };
};
