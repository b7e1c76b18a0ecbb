import { WorkflowNotFoundError } from '@temporalio/client';
import {
  type EnvironmentView,
  environmentQuery,
  environmentWorkflowId,
} from '../../workflows/contract/environment.ts';
import { readEnvironmentView } from '../../workflows/contract/stored-views.ts';
import { UserError } from '../platform/errors.ts';
import type { Command, CommandDeps } from './command.ts';
import { startDeploy } from './deploy.ts';
import { parseCommandArgs } from './handling/args.ts';
import { resolveServiceEnvironment, type ServiceEnvironment } from './handling/resolve-target.ts';
import { requestTimeoutMs, retryWhileUnavailable } from './handling/temporal-retry.ts';
import { findRollbackTarget } from './rollback-target.ts';
import type { CommandSpec } from './spec.ts';

export const rollbackSpec: CommandSpec = {
  name: 'rollback',
  usage: '<service> [environment]',
  description: 'deploy the last good commit again, with a plan and an approval of its own',
  example: 'web production',
};

export const createRollback = (deps: CommandDeps): Command => {
  const read = async ({ service, environment }: ServiceEnvironment): Promise<EnvironmentView | null> => {
    const handle = deps.client.workflow.getHandle(environmentWorkflowId(service, environment));
    const ask = () =>
      deps.client.withDeadline(Date.now() + requestTimeoutMs, () => handle.query(environmentQuery));
    try {
      return readEnvironmentView(
        await retryWhileUnavailable(deps.retryBudget, ask, `there is a commit to go back to`),
      );
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  };

  return {
    ...rollbackSpec,
    run: async (call, text) => {
      const { positionals } = parseCommandArgs(rollbackSpec, text, 2);
      const place = resolveServiceEnvironment(
        rollbackSpec,
        deps.getCatalogSummary,
        positionals[0],
        positionals[1],
      );
      const view = await read(place);
      const good = view === null ? null : findRollbackTarget(place.environment, view);
      const { service, environment } = place;
      if (good === null)
        throw new UserError(
          `There is nothing to go back to: ${service} in ${environment} was never deployed from here.`,
        );
      const { to: ref, from } = good;
      const { actor: requestedBy, conversation } = call;
      return startDeploy(
        deps,
        call,
        { ...place, ref, force: true, requestedBy, conversation },
        `Rolling back ${service} ${environment} from ${from} to ${ref.slice(0, 7)}`,
      );
    },
  };
};
