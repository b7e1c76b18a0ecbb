import type { TerraformActivities } from '../../workflows/contract/activities.ts';
import { createTerraformApply } from './apply.ts';
import type { TerraformDependencies } from './dependencies.ts';
import { createTerraformOutput } from './output.ts';
import { createTerraformPlan } from './plan.ts';

/** Terraform's stages of a run, on this worker's own terraform or tofu. */
export const createTerraformActivities = (
  deps: TerraformDependencies,
): Omit<TerraformActivities, 'evaluatePolicy'> => ({
  terraformPlan: createTerraformPlan(deps),
  terraformApply: createTerraformApply(deps),
  terraformOutput: createTerraformOutput(deps),
});
