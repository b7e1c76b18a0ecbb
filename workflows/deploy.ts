import { workflowInfo } from '@temporalio/workflow';
import type { DeployInput } from './contract/deploy.ts';
import type { RunView } from './contract/run-view.ts';
import { deployStages } from './contract/stage.ts';
import { readTarget } from './contract/stored-views.ts';
import { parseDeployInput } from './deploy/deploy-input.ts';
import { createDeployPipeline } from './deploy/deploy-pipeline.ts';
import { createDeployActivities } from './deploy/deploy-proxies.ts';
import { executeRun } from './run/lead-run.ts';
import { createRunState } from './run/run.ts';
import type { WorkflowTimeouts } from './timeouts.ts';

/** Makes the workflow `deploy`: one deployment of one service to one environment. */
export const createDeploy =
  (limits: WorkflowTimeouts) =>
  (sent: DeployInput): Promise<RunView> => {
    const input = parseDeployInput(sent);
    const { service, environment } = input;
    const asked = { ...input, name: service, kind: 'deploy', stages: deployStages } as const;
    const run = createRunState(asked, workflowInfo().workflowId, Date.now);
    const activities = createDeployActivities(limits);
    return executeRun({
      run,
      limits,
      activities,
      resolve: async () => readTarget(await activities.resolve_target({ service, environment })),
      refOf: (target) => input.ref ?? target?.branch ?? '',
      pipeline: (parts) => createDeployPipeline({ ...parts, activities }),
    });
  };
