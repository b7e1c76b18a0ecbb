import type { PlanAction } from '../../../workflows/contract/plan.ts';
import { attributeDiff, knownAfterApply } from './attribute-diff.ts';
import type { AttributePath, ResourceChange } from './plan-json.ts';

/** Changed outside Terraform, where the plan acts on it. */
export interface Drift {
  readonly address: string;
  /** null: it is gone. */
  readonly attributes: readonly AttributePath[] | null;
}

/** A whole attribute is enough: providers move things about within one. */
const topNames = (resource: ResourceChange): ReadonlySet<string> =>
  new Set(
    attributeDiff(resource.change)
      .filter(
        ({ before, after }) => after !== knownAfterApply && (before !== undefined || after !== undefined),
      )
      .map(({ path }) => String(path[0])),
  );

/**
 * Terraform lists drift before the changes. Most of it is a provider's own tidying, so it counts only
 * where the plan touches the same attribute, destroys what a person changed, or makes again what is gone.
 */
export const createDriftTracker = () => {
  const drifted = new Map<string, ReadonlySet<string> | null>();
  const found: Drift[] = [];
  return {
    drifted(resource: ResourceChange): void {
      const gone = resource.change.actions.includes('delete');
      const names = gone ? null : topNames(resource);
      if (names === null || names.size > 0) drifted.set(resource.address, names);
    },
    planned(resource: ResourceChange, action: PlanAction): void {
      const names = drifted.get(resource.address);
      if (names === undefined) return;
      drifted.delete(resource.address);
      if (names === null) {
        found.push({ address: resource.address, attributes: null });
        return;
      }
      const touched = action === 'destroy' ? names : topNames(resource);
      const both = [...names].filter((name) => touched.has(name));
      if (both.length > 0) found.push({ address: resource.address, attributes: both.map((name) => [name]) });
    },
    found: found as readonly Drift[],
  };
};
