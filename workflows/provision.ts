import { workflowInfo } from '@temporalio/workflow';
import type { ProvisionInput } from './contract/provision.ts';
import type { RunView } from './contract/run-view.ts';
import { provisionStages } from './contract/stage.ts';
import { readTarget } from './contract/stored-views.ts';
import { parseProvisionInput } from './provision/provision-input.ts';
import { createProvisionPipeline } from './provision/provision-pipeline.ts';
import { createProvisionActivities } from './provision/provision-proxies.ts';
import { executeRun } from './run/run-lifecycle.ts';
import { createRunState } from './run/run-state.ts';
import type { WorkflowTimeouts } from './timeouts.ts';

/** Creates the workflow `provision`: Terraform alone, for one stack of the catalog. */
export const createProvision =
  (timeouts: WorkflowTimeouts) =>
  (rawInput: ProvisionInput): Promise<RunView> => {
    const { stack, destroy, ...input } = parseProvisionInput(rawInput);
    const request = {
      ...input,
      kind: destroy ? 'destroy' : 'provision',
      name: stack,
      environment: null,
      stages: provisionStages,
    } as const;
    const run = createRunState(request, workflowInfo().workflowId, Date.now);
    const activities = createProvisionActivities(timeouts);
    return executeRun({
      run,
      timeouts,
      activities,
      resolveTarget: async () => readTarget(await activities.resolve_stack({ stack })),
      describeRef: () => '',
      createPipeline: (parts) => createProvisionPipeline({ ...parts, activities }),
    });
  };
