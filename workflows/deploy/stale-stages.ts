import type { LockGrant } from '../contract/environment.ts';
import { deployStages, type StageName } from '../contract/stage.ts';
import type { ServiceTarget } from '../contract/target.ts';
import { planStages } from '../run/terraform.ts';

interface Basis {
  readonly stages: readonly StageName[];
  readonly seen: string;
}

const basis = (stages: readonly StageName[], ...seen: readonly unknown[]): Basis => ({
  stages,
  seen: JSON.stringify(seen),
});

/** What the stages go by, besides each other. */
const basesOf = (
  ref: string | null,
  target: ServiceTarget,
  { lastApplied, unfinished }: LockGrant,
): readonly Basis[] => {
  const { repo, branch, install, test, image, terraform, policy } = target;
  return [
    basis(deployStages.slice(0, -1), repo, ref ?? branch),
    basis(['install_packages', 'perform_tests'], install),
    basis(['perform_tests'], test),
    basis(['build_image'], image),
    basis(planStages, lastApplied?.workflowId, lastApplied?.at, unfinished, image, terraform, policy),
  ];
};

/** Remembers what the stages of the attempt before went by, and says which must be done again. */
export const createStaleStages = (ref: string | null) => {
  let before: readonly Basis[] = [];
  return (target: ServiceTarget, turn: LockGrant): readonly StageName[] => {
    const now = basesOf(ref, target, turn);
    const changed = before.flatMap(({ stages, seen }, index) => (seen === now[index]?.seen ? [] : stages));
    before = now;
    return changed;
  };
};
