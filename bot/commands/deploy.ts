import { type DeployInput, deployWorkflowId, deployWorkflowType } from '../../workflows/contract/deploy.ts';
import { defaultQueues } from '../../workflows/contract/task-queues.ts';
import type { Invocation, Reply } from '../platform/platform.ts';
import type { Command, CommandDeps } from './command.ts';
import { parseCommandArgs } from './handling/args.ts';
import { checkRef, resolveServiceEnvironment } from './handling/resolve-target.ts';
import { startRun, toRunUuid } from './handling/start-run.ts';
import type { CommandSpec } from './spec.ts';

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
    workflowId: deployWorkflowId(toRunUuid(call.idempotencyKey)),
    taskQueue: (deps.queues ?? defaultQueues).deploy,
    input,
    subject: { name: service, environment },
    operation: doing ?? `Deploying ${where}${ref === undefined ? '' : ` from ${ref}`}`,
    what: `the deployment of ${where}`,
    summary: `Deploy ${where} for ${requestedBy.name}`,
  });
};

export const deploySpec: CommandSpec = {
  name: 'deploy',
  usage: '<service> [environment] [--ref <branch or commit>] [--force]',
  description: 'start a deployment; the default environment is the first of the service',
  example: 'web production --ref main',
};

export const createDeploy = (deps: CommandDeps): Command => ({
  ...deploySpec,
  run: (call, text) => {
    const { positionals, values } = parseCommandArgs(deploySpec, text, 2, {
      ref: { type: 'string' },
      force: { type: 'boolean' },
    });
    const place = resolveServiceEnvironment(
      deploySpec,
      deps.getCatalogSummary,
      positionals[0],
      positionals[1],
    );
    return startDeploy(deps, call, {
      ...place,
      ...(values.ref === undefined ? {} : { ref: checkRef(deploySpec, String(values.ref)) }),
      ...(values.force === true ? { force: true } : {}),
      requestedBy: call.actor,
      conversation: call.conversation,
    });
  },
});
