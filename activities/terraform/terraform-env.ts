import { existsSync } from 'node:fs';
import type { TerraformInput } from '../../workflows/contract/activities.ts';
import type { ServiceTarget } from '../../workflows/contract/target.ts';
import { createProcessEnv, type ProcessEnv } from '../process/process-env.ts';

/** The image reference that `build_image` gives to a commit. */
const getImageReference = ({ image }: ServiceTarget, commit: string): string | undefined =>
  image ? `${image.name}:${commit.slice(0, 12)}` : undefined;

/**
 * A stack gets the variables that the catalog requires for it. A deployment gets image, commit and environment:
 * Terraform ignores a `TF_VAR_` variable that the code does not declare.
 * @see https://developer.hashicorp.com/terraform/cli/config/environment-variables#tf_var_name
 */
const getTargetVariables = (env: ProcessEnv, { target, revision }: TerraformInput): ProcessEnv => {
  if (target.kind === 'stack') return Object.fromEntries(target.requires.map((name) => [name, env[name]]));
  return {
    TF_VAR_image: getImageReference(target, revision),
    TF_VAR_commit: revision,
    TF_VAR_environment: target.environment,
  };
};

/** The variables that Quarterdeck adds to the worker's environment for Terraform; undefined removes one. */
export const terraformEnv = (env: ProcessEnv, input: TerraformInput): ProcessEnv => {
  const variables = input.target.terraform?.variables ?? {};
  const configFile = env.TF_CLI_CONFIG_FILE;
  return {
    ...getTargetVariables(env, input),
    ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [`TF_VAR_${name}`, value])),
    // https://developer.hashicorp.com/terraform/tutorials/automation/automate-terraform
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
    // With the path of a missing file, every command warns and Terraform ignores a mirror set up elsewhere.
    TF_CLI_CONFIG_FILE: configFile && existsSync(configFile) ? configFile : undefined,
    // Debug output contains requests with their credentials.
    TF_LOG: undefined,
    TF_LOG_CORE: undefined,
    TF_LOG_PROVIDER: undefined,
    // Each worktree has its own `.terraform`.
    TF_DATA_DIR: undefined,
  };
};

/** The complete environment for a Terraform process that is not started through `runCommand`. */
export const buildProcessEnv = (env: ProcessEnv, added: ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...createProcessEnv(env, 'cloud'), ...added }).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    ),
  );
