import { type DeployInput, deployWorkflowId, deployWorkflowType } from '../../workflows/contract/deploy.ts';
import { usualQueues } from '../../workflows/contract/task-queues.ts';
import type { Invocation, Reply } from '../platform/platform.ts';
import type { CommandDeps } from './command.ts';
import { runUuid } from './run-uuid.ts';
import { startRun } from './start-run.ts';

/** Starts a deployment; `doing` says what it is for when it is not simply that. */
export const startDeploy = (
  deps: CommandDeps,
  call: Invocation,
  input: DeployInput,
  doing?: string,
): Promise<Reply> => {
  const { service, environment, ref, requestedBy } = input;
  const where = `${service} to ${environment}`;
  return startRun(deps, {
    workflowType: deployWorkflowType,
    workflowId: deployWorkflowId(runUuid(call.idempotencyKey)),
    taskQueue: (deps.queues ?? usualQueues).deploy,
    input,
    service,
    environment,
    doing: doing ?? `Deploying ${where}${ref === undefined ? '' : ` from ${ref}`}`,
    what: `the deployment of ${where}`,
    summary: `Deploy ${where} for ${requestedBy.name}`,
  });
};
