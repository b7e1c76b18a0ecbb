import type { LockGrant } from '../contract/environment.ts';
import { deployStages, type StageName } from '../contract/stage.ts';
import type { ServiceTarget } from '../contract/target.ts';
import { planStages } from '../run/plan-stages.ts';

/** Stages, and a fingerprint of the settings that they depend on. */
interface StageInputs {
  readonly stages: readonly StageName[];
  readonly fingerprint: string;
}

const dependOn = (stages: readonly StageName[], ...settings: readonly unknown[]): StageInputs => ({
  stages,
  fingerprint: JSON.stringify(settings),
});

const getStageInputs = (
  ref: string | null,
  target: ServiceTarget,
  { lastApplied, unfinished }: LockGrant,
): readonly StageInputs[] => {
  const { repo, branch, install, test, image, terraform, policy } = target;
  return [
    dependOn(deployStages.slice(0, -1), repo, ref ?? branch),
    dependOn(['install_packages', 'perform_tests'], install),
    dependOn(['perform_tests'], test),
    dependOn(['build_image'], image),
    dependOn(planStages, lastApplied?.workflowId, lastApplied?.at, unfinished, image, terraform, policy),
  ];
};

/** Returns the stages whose settings changed since the previous attempt, which a retry must run again. */
export const createStaleStages = (ref: string | null) => {
  let previous: readonly StageInputs[] = [];
  return (target: ServiceTarget, grant: LockGrant): readonly StageName[] => {
    const current = getStageInputs(ref, target, grant);
    const stale = previous.flatMap(({ stages, fingerprint }, index) =>
      fingerprint === current[index]?.fingerprint ? [] : stages,
    );
    previous = current;
    return stale;
  };
};
