import {
  type ProvisionInput,
  provisionWorkflowId,
  provisionWorkflowType,
} from '../../workflows/contract/provision.ts';
import { defaultQueues } from '../../workflows/contract/task-queues.ts';
import type { Command, CommandDeps } from './command.ts';
import { parseCommandArgs } from './handling/args.ts';
import { resolveStack } from './handling/resolve-target.ts';
import { startRun, toRunUuid } from './handling/start-run.ts';
import type { CommandSpec } from './spec.ts';

export const provisionSpec: CommandSpec = {
  name: 'provision',
  usage: '<stack> [--destroy]',
  description: 'plan a stack, check its policy and apply it; --destroy destroys it',
  example: 'network',
};

export const createProvision = (deps: CommandDeps): Command => ({
  ...provisionSpec,
  run: (call, text) => {
    const { positionals, values } = parseCommandArgs(provisionSpec, text, 1, {
      destroy: { type: 'boolean' },
    });
    const stack = resolveStack(provisionSpec, deps.getCatalogSummary, positionals[0]);
    const destroy = values.destroy === true;
    const input: ProvisionInput = {
      stack,
      ...(destroy ? { destroy } : {}),
      requestedBy: call.actor,
      conversation: call.conversation,
    };
    return startRun(deps, {
      workflowType: provisionWorkflowType,
      workflowId: provisionWorkflowId(stack, toRunUuid(call.idempotencyKey)),
      taskQueue: (deps.queues ?? defaultQueues).provision,
      input,
      subject: { name: stack, environment: null },
      operation: `${destroy ? 'Destroying' : 'Provisioning'} ${stack}`,
      what: `the ${destroy ? 'destruction' : 'provision'} of ${stack}`,
      summary: `${destroy ? 'Destroy' : 'Provision'} ${stack} for ${call.actor.name}`,
    });
  },
});
