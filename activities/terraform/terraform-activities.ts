import type { ProvisionActivities, TerraformActivities } from '../../workflows/contract/activities.ts';
import { withPreviousRevision } from '../../workflows/contract/stored-views.ts';
import type { StackCopies } from '../stacks/stack-copies.ts';
import { createTerraformApply } from './apply.ts';
import { runInit } from './init.ts';
import { createTerraformOutput } from './output.ts';
import { createTerraformPlan } from './plan.ts';
import { requireCredentials } from './prerequisites.ts';
import { type TerraformDependencies, withWorkspace } from './workspace.ts';

/** `terraform_init`: settles which files are planned, and initialises the copy of them. */
export const createTerraformInit =
  (deps: TerraformDependencies, copies: Pick<StackCopies, 'take'>): ProvisionActivities['terraformInit'] =>
  async (input) => {
    const { requires, name } = input.target;
    requireCredentials(deps.env, requires, `initialising stack ${name}`);
    const revision = await copies.take(input.target);
    return withWorkspace(deps, { ...input, revision }, 'initialising', async (place) => {
      const backend = await runInit(deps, place);
      const detail = `${revision.slice(0, 7)}, state in ${backend}`;
      return withPreviousRevision({ revision, detail, tail: [], log: null });
    });
  };

/** Terraform's stages of a run, on this worker's own terraform or tofu. */
export const createTerraformActivities = (
  deps: TerraformDependencies,
): Omit<TerraformActivities, 'evaluatePolicy'> => ({
  terraformPlan: createTerraformPlan(deps),
  terraformApply: createTerraformApply(deps),
  terraformOutput: createTerraformOutput(deps),
});
