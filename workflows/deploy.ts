import { workflowInfo } from '@temporalio/workflow';
import type { DeployInput } from './contract/deploy.ts';
import type { RunView } from './contract/run-view.ts';
import { deployStages } from './contract/stage.ts';
import { readTarget } from './contract/stored-views.ts';
import { parseDeployInput } from './deploy/deploy-input.ts';
import { createDeployPipeline } from './deploy/deploy-pipeline.ts';
import { createDeployActivities } from './deploy/deploy-proxies.ts';
import { executeRun } from './run/run-lifecycle.ts';
import { createRunState } from './run/run-state.ts';
import type { WorkflowTimeouts } from './timeouts.ts';

/** Creates the workflow `deploy`: one deployment of one service to one environment. */
export const createDeploy =
  (timeouts: WorkflowTimeouts) =>
  (rawInput: DeployInput): Promise<RunView> => {
    const input = parseDeployInput(rawInput);
    const { service, environment } = input;
    const request = { ...input, name: service, kind: 'deploy', stages: deployStages } as const;
    const run = createRunState(request, workflowInfo().workflowId, Date.now);
    const activities = createDeployActivities(timeouts);
    return executeRun({
      run,
      timeouts,
      activities,
      resolveTarget: async () => readTarget(await activities.resolve_target({ service, environment })),
      describeRef: (target) => input.ref ?? target?.branch ?? '',
      createPipeline: (parts) => createDeployPipeline({ ...parts, activities }),
    });
  };
