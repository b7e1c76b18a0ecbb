import { existsSync } from 'node:fs';
import type { TerraformInput } from '../../workflows/contract/activities.ts';
import type { ServiceTarget } from '../../workflows/contract/target.ts';
import { createProcessEnv, type ProcessEnv } from '../process/process-env.ts';

/** The image that a commit of a target is built as. */
const imageOf = ({ image }: ServiceTarget, commit: string): string | undefined =>
  image ? `${image.name}:${commit.slice(0, 12)}` : undefined;

/**
 * What only this kind of run tells Terraform. It passes over a TF_VAR_ variable that the code does not
 * declare, so the three of a deployment harm nobody.
 */
const ofItsKind = (env: ProcessEnv, { target, revision }: TerraformInput): ProcessEnv => {
  if (target.kind === 'stack') return Object.fromEntries(target.requires.map((name) => [name, env[name]]));
  return {
    TF_VAR_image: imageOf(target, revision),
    TF_VAR_commit: revision,
    TF_VAR_environment: target.environment,
  };
};

/** What Terraform sees beside the worker's own environment. */
export const terraformEnv = (env: ProcessEnv, input: TerraformInput): ProcessEnv => {
  const variables = input.target.terraform?.variables ?? {};
  const config = env.TF_CLI_CONFIG_FILE;
  return {
    ...ofItsKind(env, input),
    ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [`TF_VAR_${name}`, value])),
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
    // A setting that names no file makes every command warn, and hides a mirror set up elsewhere.
    TF_CLI_CONFIG_FILE: config && existsSync(config) ? config : undefined,
    // Debug output has requests with their credentials in it.
    TF_LOG: undefined,
    TF_LOG_CORE: undefined,
    TF_LOG_PROVIDER: undefined,
    // Each worktree keeps its own.
    TF_DATA_DIR: undefined,
  };
};

/** The whole environment of a Terraform that is not started through `runCommand`. */
export const buildProcessEnv = (env: ProcessEnv, added: ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...createProcessEnv(env, 'cloud'), ...added }).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    ),
  );
