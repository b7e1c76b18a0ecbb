import type { TerraformInput } from '../../workflows/contract/activities.ts';
import type { ArtifactStore } from '../artifacts/port.ts';
import type { Env } from '../process/environment.ts';
import type { RunCommand } from '../process/port.ts';

export interface TerraformDependencies {
  /** Give it a long patience: Terraform must be let finish what it began. */
  readonly runCommand: RunCommand;
  readonly artifacts: ArtifactStore;
  /** The worktree of the run's commit, or the copy of its stack, made again when it is missing. */
  readonly workspace: (input: TerraformInput) => Promise<string>;
  /** The worker's environment. */
  readonly env: Env;
  /** `TERRAFORM_BIN`; null: terraform on PATH, then tofu. */
  readonly terraformBin: string | null;
  /** How long Terraform itself waits for a state lock. */
  readonly lockTimeout?: string;
}

/** After so many tries a trouble that may pass is taken for one that stays. */
export const mostAttempts = 5;
