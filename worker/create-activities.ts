import { join, resolve } from 'node:path';
import type { Client } from '@temporalio/client';
import { createArtifactStore } from '../activities/artifacts/create-artifact-store.ts';
import type { Catalog } from '../activities/catalog/catalog.ts';
import { createCatalogActivities } from '../activities/catalog/catalog-activities.ts';
import { createEnvironmentActivities } from '../activities/environment/environment-activities.ts';
import { createGitActivities } from '../activities/git/git-activities.ts';
import { createWorkspaces } from '../activities/git/workspaces.ts';
import { createImageActivities } from '../activities/image/image-activities.ts';
import { createPolicyActivities } from '../activities/policy/policy-activities.ts';
import type { PolicyEngine } from '../activities/policy/port.ts';
import { createRunCommand } from '../activities/process/run-command.ts';
import { createStackCopies } from '../activities/stacks/stack-copies.ts';
import { createStageActivities } from '../activities/stages/stage-activities.ts';
import { createDetectDrift } from '../activities/terraform/detect-drift.ts';
import {
  createTerraformActivities,
  createTerraformInit,
} from '../activities/terraform/terraform-activities.ts';
import type { TerraformDependencies } from '../activities/terraform/workspace.ts';
import type { KeyRing } from '../encryption/keys.ts';
import type { Env } from '../runtime/env.ts';
import type { RunQueues } from '../workflows/contract/task-queues.ts';
import type { WorkerEnv } from './env.ts';
import { terraformKillGracePeriod } from './poll-for-work.ts';
import type { WorkerActivities } from './registered-activities.ts';

interface Dependencies {
  readonly settings: WorkerEnv;
  /** The whole environment: commands inherit a part of it, and logs are redacted of its secrets. */
  readonly env: Env;
  readonly catalog: Catalog;
  readonly client: Client;
  readonly queues: RunQueues;
  readonly encryption: KeyRing;
  readonly engine: PolicyEngine;
}

/** All activities of this worker, each made from the least it needs. */
export const createActivities = ({
  settings,
  env,
  catalog,
  client,
  queues,
  encryption,
  engine,
}: Dependencies): WorkerActivities => {
  const dataDir = resolve(settings.WORKER_DATA_DIR);
  const artifacts = createArtifactStore(settings.ARTIFACTS_URL, env, encryption);
  const runCommand = createRunCommand({ artifacts, env });
  const workspaces = createWorkspaces({ dataDir, runCommand });
  const { workspace } = workspaces;
  const copies = createStackCopies({ dataDir });
  const terraform: TerraformDependencies = {
    runCommand: createRunCommand({ artifacts, env, killGracePeriod: terraformKillGracePeriod }),
    artifacts,
    checkout: ({ workflowId, target, revision }) =>
      target.kind === 'stack'
        ? copies.restore(target, revision)
        : workspace({ workflowId, target, revision }, 'terraform'),
    env,
    terraformBin: settings.TERRAFORM_BIN ?? null,
  };
  return {
    ...createCatalogActivities(catalog),
    ...createEnvironmentActivities(client, queues),
    ...createGitActivities({ dataDir, runCommand, workspaces }),
    ...createStageActivities({ runCommand, workspace }),
    ...createImageActivities({ runCommand, workspace, env }),
    ...createTerraformActivities(terraform),
    terraformInit: createTerraformInit(terraform, copies),
    lookForDrift: createDetectDrift(terraform, createStackCopies({ dataDir: join(dataDir, 'drift') })),
    ...createPolicyActivities({ artifacts, engine }),
  };
};
