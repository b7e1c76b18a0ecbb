import { resolve } from 'node:path';
import type { Client } from '@temporalio/client';
import { createArtifactStore } from '../activities/artifacts/create-artifact-store.ts';
import { createCatalogActivities } from '../activities/catalog/activities.ts';
import type { Catalog } from '../activities/catalog/catalog.ts';
import { createEnvironmentActivities } from '../activities/environment/activities.ts';
import { createPolicyActivities } from '../activities/policy/create-policy-activities.ts';
import { createRunCommand } from '../activities/process/run-command.ts';
import { createTerraformActivities } from '../activities/terraform/create-terraform-activities.ts';
import type { Env } from '../runtime/env.ts';
import type { WorkerEnv } from './env.ts';
import type { WorkerActivities } from './registered-activities.ts';

interface Dependencies {
  readonly settings: WorkerEnv;
  /** The whole environment: what commands inherit of it, and whose secrets are scrubbed. */
  readonly env: Env;
  readonly catalog: Catalog;
  readonly client: Client;
}
