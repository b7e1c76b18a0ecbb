import { workflowInfo } from '@temporalio/workflow';
import { createDeploy } from '../deploy.ts';
import { createEnvironment } from '../environment.ts';
import { createProvision } from '../provision.ts';
import { defaultTimeouts, type WorkflowTimeouts } from '../timeouts.ts';

/** The workflows as they are in use, with a chat queue beside their own. */
const timeouts: WorkflowTimeouts = {
  ...defaultTimeouts,
  chatQueue: () => `${workflowInfo().taskQueue}-chat`,
};

export const deploy = createDeploy(timeouts);
export const provision = createProvision(timeouts);
export const environment = createEnvironment(timeouts);
