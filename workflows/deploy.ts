import { ApplicationFailure } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';
import type { DeployInput } from './contract/deploy.ts';
import { failureTypes } from './contract/failure.ts';
import type { RunView } from './contract/run-view.ts';
import { deployStages } from './contract/stage.ts';
import { readTarget } from './contract/stored-views.ts';
import { createDeployPipeline } from './deploy/deploy-pipeline.ts';
import { createDeployActivities } from './deploy/deploy-proxies.ts';
import { parsePerson, parseText } from './run/parse-client-input.ts';
import { executeRun } from './run/run-lifecycle.ts';
import { createRunState } from './run/run-state.ts';
import type { WorkflowTimeouts } from './timeouts.ts';

/** Validates the input, because any Temporal client can start a deployment. Throws `BadInput`, never retried. */
export const parseDeployInput = (value: unknown): DeployInput => {
  const { service, environment, ref, force, requestedBy, conversation } =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const requester = parsePerson(requestedBy);
  if (!parseText(service) || !parseText(environment) || !requester) {
    throw ApplicationFailure.nonRetryable(
      'starting a deployment: the input must be {service, environment, requestedBy: {id, name}}',
      failureTypes.badInput,
    );
  }
  return {
    service: parseText(service),
    environment: parseText(environment),
    requestedBy: requester,
    ...(parseText(ref) ? { ref: parseText(ref) } : {}),
    ...(force === true ? { force } : {}),
    ...(parseText(conversation) ? { conversation: parseText(conversation) } : {}),
  };
};

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
