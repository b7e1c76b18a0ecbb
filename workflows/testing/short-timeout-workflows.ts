import { workflowInfo } from '@temporalio/workflow';
import { createDeploy } from '../deploy.ts';
import { createDrift } from '../drift.ts';
import { createEnvironment } from '../environment.ts';
import { createProvision } from '../provision.ts';
import type { WorkflowTimeouts } from '../timeouts.ts';

/** The workflows with short timeouts, and a chat queue for each test file. */
const shortTimeouts: WorkflowTimeouts = {
  retryWindowMs: 20_000,
  heartbeatTimeoutMs: 10_000,
  retryIntervalMs: 50,
  requeueBackoffMs: [700],
  holderCheckIntervalMs: 300,
  continueAsNewAfterEvents: 60,
  driftReportTimeoutMs: 3000,
  chatQueue: () => `${workflowInfo().taskQueue}-chat`,
};

export const deploy = createDeploy(shortTimeouts);
export const provision = createProvision(shortTimeouts);
export const drift = createDrift(shortTimeouts);
export const environment = createEnvironment(shortTimeouts);
