import { workflowInfo } from '@temporalio/workflow';
import { createDeploy } from '../deploy.ts';
import { createEnvironment } from '../environment.ts';
import { createProvision } from '../provision.ts';
import { defaultTimeouts, type WorkflowTimeouts } from '../timeouts.ts';

/** The workflows with their timeouts in production, and a chat queue for each test file. */
const timeouts: WorkflowTimeouts = {
  ...defaultTimeouts,
  chatQueue: () => `${workflowInfo().taskQueue}-chat`,
};

export const deploy = createDeploy(timeouts);
export const provision = createProvision(timeouts);
export const environment = createEnvironment(timeouts);
