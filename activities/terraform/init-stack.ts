import type { ProvisionActivities } from '../../workflows/contract/activities.ts';
import type { StackCopies } from '../stacks/copies.ts';
import { requireCredentials } from './credentials.ts';
import type { TerraformDependencies } from './dependencies.ts';
import { initialise } from './init.ts';
import { withWorkplace } from './workplace.ts';

/** `terraform_init`: settles which files are planned, and initialises the copy of them. */
export const createTerraformInit =
  (deps: TerraformDependencies, copies: Pick<StackCopies, 'take'>): ProvisionActivities['terraformInit'] =>
  async (input) => {
    const { requires, service } = input.target;
    requireCredentials(deps.env, requires, `initialising stack ${service}`);
    const commit = await copies.take(input.target);
    return withWorkplace(deps, { ...input, commit }, 'initialising', async (place) => {
      const backend = await initialise(deps, place);
      return { commit, detail: `${commit.slice(0, 7)}, state in ${backend}`, tail: [], log: null };
    });
  };
