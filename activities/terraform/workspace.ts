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

/** What the worker gives to every Terraform activity. */
export interface TerraformDependencies {
  /** Use a long kill grace period: Terraform must be able to finish what it has started. */
  readonly runCommand: RunCommand;
  readonly artifacts: ArtifactStore;
  /**
   * The absolute path of the run's code: the worktree of its commit, or the copy of its stack.
   * Recreates a missing one. Rejects with the failures of `Workspaces` and `StackCopies`.
   */
  readonly checkout: (input: TerraformInput) => Promise<string>;
  /** The worker's environment. */
  readonly env: ProcessEnv;
  /** `TERRAFORM_BIN`; null: `terraform` on PATH, then `tofu`. */
  readonly terraformBin: string | null;
  /**
   * How long Terraform itself waits for a state lock, in Terraform's notation; default `30s`.
   * @see https://developer.hashicorp.com/terraform/cli/commands/plan#lock-timeout-duration
   */
  readonly lockTimeout?: string;
}

/** Where one activity runs Terraform. Exists only while the activity runs. */
export interface TerraformWorkspace {
  /** "planning web in production": the prefix of every message. */
  readonly operation: string;
  /** Absolute path of terraform or tofu. */
  readonly binary: string;
  /** Absolute path of the folder with the Terraform code. */
  readonly directory: string;
  /** Added to the worker's environment; undefined removes a variable. */
  readonly env: ProcessEnv;
  /** A private folder for the plan file and the backend's settings, deleted when the activity ends. */
  readonly tempDir: string;
  /** Settings of the backend, from the catalog. */
  readonly backend: Readonly<Record<string, string>>;
  /** The artifact key of one of this stage's files: `<workflow id>/<attempt>-<name>`. */
  readonly key: (name: string) => string;
}

const findCodeDirectory = async (root: string, directory: string, operation: string): Promise<string> => {
  const path = resolve(root, directory);
  const isInside = !relative(root, path).startsWith('..');
  const found = await stat(path).catch(() => null);
  if (isInside && found?.isDirectory()) return path;
  throw activityFailure({
    type: failureTypes.planFailed,
    message: `${operation}: the repository has no folder ${directory} at this commit`,
    hint: "Correct the service's `terraform` in the catalog, or deploy a commit that has the folder.",
  });
};

const describeTarget = (target: TerraformInput['target']): string =>
  target.kind === 'stack' ? `stack ${target.name}` : `${target.name} in ${target.environment}`;

/**
 * Prepares what a Terraform command needs, runs `work`, and deletes the temporary files.
 * @param action Begins the operation's name: "planning", "drift check of".
 * @throws planFailed when the catalog names no folder or the code lacks it, missingCredentials,
 *   terraformMissing; none of them is retried.
 */
export const withWorkspace = async <T>(
  deps: TerraformDependencies,
  input: TerraformInput,
  action: string,
  work: (workspace: TerraformWorkspace) => Promise<T>,
): Promise<T> => {
  const { target, workflowId, attempt } = input;
  const operation = `${action} ${describeTarget(target)}`;
  if (!target.terraform)
    throw activityFailure({
      type: failureTypes.planFailed,
      message: `${operation}: the catalog has no Terraform folder for ${target.name}`,
      hint: 'Add `terraform: <folder>` to the service in the catalog.',
    });
  if (target.kind === 'stack') requireCredentials(deps.env, target.requires, operation);
  const binary = requireTerraform(deps.terraformBin, deps.env, operation);
  const root = await deps.checkout(input);
  const directory = await findCodeDirectory(root, target.terraform.directory, operation);
  const tempDir = await mkdtemp(join(tmpdir(), 'quarterdeck-terraform-'));
  try {
    return await work({
      operation,
      binary,
      directory,
      tempDir,
      env: terraformEnv(deps.env, input),
      backend: target.terraform.backend,
      key: (name) => artifactKey(workflowId, `${attempt}-${name}`),
    });
  } finally {
    await rm(tempDir, { recursive: true, force: true });
  }
};
