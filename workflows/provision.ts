import { workflowInfo } from '@temporalio/workflow';
import type { ProvisionInput } from './contract/provision.ts';
import type { RunView } from './contract/run-view.ts';
import { provisionStages } from './contract/stage.ts';
import { readTarget } from './contract/stored-views.ts';
import { parseProvisionInput } from './provision/provision-input.ts';
import { createProvisionPipeline } from './provision/provision-pipeline.ts';
import { createProvisionActivities } from './provision/provision-proxies.ts';
import { executeRun } from './run/lead-run.ts';
import { createRunState } from './run/run.ts';
import type { WorkflowTimeouts } from './timeouts.ts';

/** Makes the workflow `provision`: Terraform alone, for one stack of the catalog. */
export const createProvision =
  (limits: WorkflowTimeouts) =>
  (sent: ProvisionInput): Promise<RunView> => {
    const { stack, destroy, ...input } = parseProvisionInput(sent);
    const asked = {
      ...input,
      kind: destroy ? 'destroy' : 'provision',
      name: stack,
      environment: null,
      stages: provisionStages,
    } as const;
    const run = createRunState(asked, workflowInfo().workflowId, Date.now);
    const activities = createProvisionActivities(limits);
    return executeRun({
      run,
      limits,
      activities,
      resolve: async () => readTarget(await activities.resolve_stack({ stack })),
      refOf: () => '',
      pipeline: (parts) => createProvisionPipeline({ ...parts, activities }),
    });
  };
