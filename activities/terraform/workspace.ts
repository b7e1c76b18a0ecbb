import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import type { TerraformInput } from '../../workflows/contract/activities.ts';
import { failureTypes } from '../../workflows/contract/failure.ts';
import { artifactKey } from '../artifacts/artifact-key.ts';
import type { ArtifactStore } from '../artifacts/port.ts';
import { activityFailure } from '../process/activity-failure.ts';
import type { RunCommand } from '../process/port.ts';
import type { ProcessEnv } from '../process/process-env.ts';
import { requireCredentials, requireTerraform } from './prerequisites.ts';
import { terraformEnv } from './terraform-env.ts';

export interface TerraformDependencies {
  /** Give it a long patience: Terraform must be let finish what it began. */
  readonly runCommand: RunCommand;
  readonly artifacts: ArtifactStore;
  /** The worktree of the run's commit, or the copy of its stack, made again when it is missing. */
  readonly checkout: (input: TerraformInput) => Promise<string>;
  /** The worker's environment. */
  readonly env: ProcessEnv;
  /** `TERRAFORM_BIN`; null: terraform on PATH, then tofu. */
  readonly terraformBin: string | null;
  /** How long Terraform itself waits for a state lock. */
  readonly lockTimeout?: string;
}

/** After so many tries a trouble that may pass is taken for one that stays. */
export const maxAttempts = 5;

/** Where one activity runs Terraform. */
export interface TerraformWorkspace {
  /** "planning web in production". */
  readonly operation: string;
  readonly binary: string;
  /** The folder with the Terraform code. */
  readonly directory: string;
  /** Added to the worker's environment. */
  readonly env: ProcessEnv;
  /** For the plan file and the backend's settings; ours alone, gone afterwards. */
  readonly tempDir: string;
  /** Settings of the backend, from the catalog. */
  readonly backend: Readonly<Record<string, string>>;
  /** The key of one of this stage's files. */
  readonly key: (name: string) => string;
}

const codeFolder = async (worktree: string, directory: string, doing: string): Promise<string> => {
  const folder = resolve(worktree, directory);
  const inside = relative(worktree, folder);
  const found = await stat(folder).catch(() => null);
  if (!inside.startsWith('..') && found?.isDirectory()) return folder;
  throw activityFailure({
    type: failureTypes.planFailed,
    message: `${doing}: the repository has no folder ${directory} at this commit`,
    hint: "Correct the service's `terraform` in the catalog, or deploy a commit that has the folder.",
  });
};

const inWords = (target: TerraformInput['target']): string =>
  target.kind === 'stack' ? `stack ${target.name}` : `${target.name} in ${target.environment}`;

/** Makes everything ready that a Terraform command needs, and clears up afterwards. */
export const withWorkspace = async <T>(
  deps: TerraformDependencies,
  input: TerraformInput,
  verb: string,
  work: (place: TerraformWorkspace) => Promise<T>,
): Promise<T> => {
  const { target, workflowId, attempt } = input;
  const doing = `${verb} ${inWords(target)}`;
  if (!target.terraform)
    throw activityFailure({
      type: failureTypes.planFailed,
      message: `${doing}: the catalog names no Terraform folder for ${target.name}`,
      hint: 'Add `terraform: <folder>` to the service in the catalog.',
    });
  if (target.kind === 'stack') requireCredentials(deps.env, target.requires, doing);
  const binary = requireTerraform(deps.terraformBin, deps.env, doing);
  const worktree = await deps.checkout(input);
  const directory = await codeFolder(worktree, target.terraform.directory, doing);
  const scratch = await mkdtemp(join(tmpdir(), 'quarterdeck-terraform-'));
  try {
    return await work({
      operation: doing,
      binary,
      directory,
      tempDir: scratch,
      env: terraformEnv(deps.env, input),
      backend: target.terraform.backend,
      key: (name) => artifactKey(workflowId, `${attempt}-${name}`),
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};
