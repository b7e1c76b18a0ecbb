import { workflowInfo } from '@temporalio/workflow';
import { createDeploy } from '../deploy.ts';
import { createDrift } from '../drift.ts';
import { createEnvironment } from '../environment.ts';
import type { Limits } from '../limits.ts';
import { createProvision } from '../provision.ts';

/** The same workflows with short waits, and a chat queue beside their own. */
const quickLimits: Limits = {
  retryWindow: 20_000,
  heartbeat: 10_000,
  retryPause: 50,
  reenter: [700],
  liveness: 300,
  freshAfterEvents: 60,
  driftTelling: 3000,
  chatQueue: () => `${workflowInfo().taskQueue}-chat`,
};

export const deploy = createDeploy(quickLimits);
export const provision = createProvision(quickLimits);
export const drift = createDrift(quickLimits);
export const environment = createEnvironment(quickLimits);
