import { resolve } from 'node:path';
import type { Client } from '@temporalio/client';
import { createArtifactStore } from '../activities/artifacts/create-artifact-store.ts';
import { createCatalogActivities } from '../activities/catalog/activities.ts';
import type { Catalog } from '../activities/catalog/catalog.ts';
import { createEnvironmentActivities } from '../activities/environment/activities.ts';
import { createGitActivities } from '../activities/git/git-activities.ts';
import { createWorkspaces } from '../activities/git/workspaces.ts';
import { createImageActivities } from '../activities/image/image-activities.ts';
import { createPolicyActivities } from '../activities/policy/create-policy-activities.ts';
import { createRunCommand } from '../activities/process/run-command.ts';
import { createStageActivities } from '../activities/stages/stage-activities.ts';
import { createTerraformActivities } from '../activities/terraform/create-terraform-activities.ts';
import type { Env } from '../runtime/env.ts';
import type { WorkerEnv } from './env.ts';
import type { WorkerActivities } from './registered-activities.ts';
import { terraformPatience } from './worker-options.ts';

interface Dependencies {
  readonly settings: WorkerEnv;
  /** The whole environment: what commands inherit of it, and whose secrets are scrubbed. */
  readonly env: Env;
  readonly catalog: Catalog;
  readonly client: Client;
}

/** Everything that this worker can do, each part made from the least it needs. */
export const createActivities = ({ settings, env, catalog, client }: Dependencies): WorkerActivities => {
  const dataDir = resolve(settings.WORKER_DATA_DIR);
  const artifacts = createArtifactStore(settings.ARTIFACTS_URL, env);
  const runCommand = createRunCommand({ artifacts, env });
  const workspaces = createWorkspaces({ dataDir, runCommand });
  const { workspace } = workspaces;
  return {
    ...createCatalogActivities(catalog),
    ...createEnvironmentActivities(client),
    ...createGitActivities({ dataDir, runCommand, workspaces }),
    ...createStageActivities({ runCommand, workspace }),
    ...createImageActivities({ runCommand, workspace, env }),
    ...createTerraformActivities({
      runCommand: createRunCommand({ artifacts, env, patience: terraformPatience }),
      artifacts,
      workspace,
      env,
      terraformBin: settings.TERRAFORM_BIN ?? null,
    }),
    ...createPolicyActivities(),
  };
};
