import { workflowInfo } from '@temporalio/workflow';
import { createDeploy } from '../deploy.ts';
import { createDrift } from '../drift.ts';
import { createEnvironment } from '../environment.ts';
import { createProvision } from '../provision.ts';
import type { WorkflowTimeouts } from '../timeouts.ts';

/** The same workflows with short waits, and a chat queue beside their own. */
const quickLimits: WorkflowTimeouts = {
  retryWindowMs: 20_000,
  heartbeatTimeoutMs: 10_000,
  retryIntervalMs: 50,
  requeueBackoffMs: [700],
  holderCheckIntervalMs: 300,
  continueAsNewAfterEvents: 60,
  driftReportTimeoutMs: 3000,
  chatQueue: () => `${workflowInfo().taskQueue}-chat`,
};

export const deploy = createDeploy(quickLimits);
export const provision = createProvision(quickLimits);
export const drift = createDrift(quickLimits);
export const environment = createEnvironment(quickLimits);
