import { workflowInfo } from '@temporalio/workflow';
import { type ProvisionInput, stackEnvironment } from './contract/provision.ts';
import type { RunView } from './contract/run-view.ts';
import { provisionStages } from './contract/stage.ts';
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
      service: stack,
      environment: stackEnvironment,
      stages: provisionStages,
    } as const;
    const run = createRunState(request, workflowInfo().workflowId, Date.now);
    const activities = createProvisionActivities(timeouts);
    return executeRun({
      run,
      timeouts,
      activities,
      resolveTarget: () => activities.resolve_stack({ stack }),
      describeRef: () => '',
      createPipeline: (parts) => createProvisionPipeline({ ...parts, activities }),
    });
  };
