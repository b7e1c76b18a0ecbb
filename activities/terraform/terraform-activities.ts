import type { ProvisionActivities, TerraformActivities } from '../../workflows/contract/activities.ts';
import { withPreviousRevision } from '../../workflows/contract/stored-views.ts';
import type { StackCopies } from '../stacks/stack-copies.ts';
import { createTerraformApply } from './apply.ts';
import { runInit } from './init.ts';
import { createTerraformOutput } from './output.ts';
import { createTerraformPlan } from './plan.ts';
import { requireCredentials } from './prerequisites.ts';
import { type TerraformDependencies, withWorkspace } from './workspace.ts';

/**
 * The Terraform stages of deployments and provisions, run with this worker's terraform or tofu. Each may run again,
 * also on another worker. Their failures are in `plan.ts`, `apply.ts` and `output.ts`.
 */
export const createTerraformActivities = (
  deps: TerraformDependencies,
): Omit<TerraformActivities, 'evaluatePolicy'> => ({
  terraformPlan: createTerraformPlan(deps),
  terraformApply: createTerraformApply(deps),
  terraformOutput: createTerraformOutput(deps),
});

/**
 * `terraform_init`: copies the stack's files and initializes the copy. `revision` is the digest of the files, 64
 * hex digits; the later stages work on exactly these files.
 * @throws initFailed (retried when transient, up to 5 attempts), storageFailed, interrupted (retried);
 *   noBackend, catalogInvalid, missingCredentials, terraformMissing (not retried).
 */
export const createTerraformInit =
  (
    deps: TerraformDependencies,
    copies: Pick<StackCopies, 'snapshot'>,
  ): ProvisionActivities['terraformInit'] =>
  async (input) => {
    const { requires, name } = input.target;
    requireCredentials(deps.env, requires, `initializing stack ${name}`);
    const revision = await copies.snapshot(input.target);
    return withWorkspace(deps, { ...input, revision }, 'initializing', async (workspace) => {
      const backend = await runInit(deps, workspace);
      const detail = `${revision.slice(0, 7)}, state in ${backend}`;
      return withPreviousRevision({ revision, detail, tail: [], log: null });
    });
  };
