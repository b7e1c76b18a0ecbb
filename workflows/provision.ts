import { workflowInfo } from '@temporalio/workflow';
import type { ProvisionInput } from './contract/provision.ts';
import type { RunView } from './contract/run-view.ts';
import { provisionStages } from './contract/stage.ts';
import { readTarget } from './contract/stored-views.ts';
import type { Limits } from './limits.ts';
import { createProvisionActivities } from './provision/activities.ts';
import { parseProvisionInput } from './provision/input.ts';
import { createProvisionPipeline } from './provision/pipeline.ts';
import { leadRun } from './run/lead-run.ts';
import { createRun } from './run/run.ts';

/** Makes the workflow `provision`: Terraform alone, for one stack of the catalog. */
export const createProvision =
  (limits: Limits) =>
  (sent: ProvisionInput): Promise<RunView> => {
    const { stack, destroy, ...input } = parseProvisionInput(sent);
    const asked = {
      ...input,
      kind: destroy ? 'destroy' : 'provision',
      name: stack,
      environment: null,
      stages: provisionStages,
    } as const;
    const run = createRun(asked, workflowInfo().workflowId, Date.now);
    const activities = createProvisionActivities(limits);
    return leadRun({
      run,
      limits,
      activities,
      resolve: async () => readTarget(await activities.resolve_stack({ stack })),
      refOf: () => '',
      pipeline: (parts) => createProvisionPipeline({ ...parts, activities }),
    });
  };
