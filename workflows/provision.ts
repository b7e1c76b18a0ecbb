import { ApplicationFailure } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';
import { failureTypes } from './contract/failure.ts';
import type { ProvisionInput } from './contract/provision.ts';
import type { RunView } from './contract/run-view.ts';
import { provisionStages } from './contract/stage.ts';
import { readTarget } from './contract/stored-views.ts';
import { createProvisionPipeline } from './provision/provision-pipeline.ts';
import { createProvisionActivities } from './provision/provision-proxies.ts';
import { parsePerson, parseText } from './run/parse-client-input.ts';
import { executeRun } from './run/run-lifecycle.ts';
import { createRunState } from './run/run-state.ts';
import type { WorkflowTimeouts } from './timeouts.ts';

/** Validates the input, because any Temporal client can start a provision. Throws `BadInput`, never retried. */
const parseProvisionInput = (value: unknown): ProvisionInput => {
  const { stack, destroy, requestedBy, conversation } =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const requester = parsePerson(requestedBy);
  // An invalid `destroy` must not become a provision.
  const isFlag = destroy === undefined || typeof destroy === 'boolean';
  if (!parseText(stack) || !requester || !isFlag) {
    throw ApplicationFailure.nonRetryable(
      'starting a provision: the input must be {stack, destroy?: true or false, requestedBy: {id, name}}',
      failureTypes.badInput,
    );
  }
  return {
    stack: parseText(stack),
    requestedBy: requester,
    ...(destroy === true ? { destroy } : {}),
    ...(parseText(conversation) ? { conversation: parseText(conversation) } : {}),
  };
};

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
