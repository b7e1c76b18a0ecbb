import { workflowInfo } from '@temporalio/workflow';
import type { DeployInput } from './contract/deploy.ts';
import type { RunView } from './contract/run-view.ts';
import { deployStages } from './contract/stage.ts';
import { readTarget } from './contract/stored-views.ts';
import { createDeployActivities } from './deploy/activities.ts';
import { parseDeployInput } from './deploy/input.ts';
import { createDeployPipeline } from './deploy/pipeline.ts';
import type { Limits } from './limits.ts';
import { leadRun } from './run/lead-run.ts';
import { createRun } from './run/run.ts';

/** Makes the workflow `deploy`: one deployment of one service to one environment. */
export const createDeploy =
  (limits: Limits) =>
  (sent: DeployInput): Promise<RunView> => {
    const input = parseDeployInput(sent);
    const { service, environment } = input;
    const asked = { ...input, name: service, kind: 'deploy', stages: deployStages } as const;
    const run = createRun(asked, workflowInfo().workflowId, Date.now);
    const activities = createDeployActivities(limits);
    return leadRun({
      run,
      limits,
      activities,
      resolve: async () => readTarget(await activities.resolve_target({ service, environment })),
      refOf: (target) => input.ref ?? target?.branch ?? '',
      pipeline: (parts) => createDeployPipeline({ ...parts, activities }),
    });
  };
