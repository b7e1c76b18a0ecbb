import type { DeployActivities } from '../../workflows/contract/activities.ts';
import { createTerraformApply } from './apply.ts';
import type { TerraformDependencies } from './dependencies.ts';
import { createTerraformOutput } from './output.ts';
import { createTerraformPlan } from './plan.ts';

/** Terraform's stages of a deployment, on this worker's own terraform or tofu. */
export const createTerraformActivities = (
  deps: TerraformDependencies,
): Pick<DeployActivities, 'terraformPlan' | 'terraformApply' | 'terraformOutput'> => ({
  terraformPlan: createTerraformPlan(deps),
  terraformApply: createTerraformApply(deps),
  terraformOutput: createTerraformOutput(deps),
});
