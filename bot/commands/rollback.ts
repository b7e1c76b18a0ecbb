import { WorkflowNotFoundError } from '@temporalio/client';
import {
  type EnvironmentView,
  environmentQuery,
  environmentWorkflowId,
} from '../../workflows/contract/environment.ts';
import { UserError } from '../platform/errors.ts';
import type { Command, CommandDeps } from './command.ts';
import { lastGood } from './last-good.ts';
import { knownPlace, type Place } from './names.ts';
import type { CommandSpec } from './spec.ts';
import { startDeploy } from './start-deploy.ts';
import { keepTrying } from './temporal-answer.ts';
import { parseWords } from './words.ts';

export const rollbackSpec: CommandSpec = {
  name: 'rollback',
  usage: '<service> [environment]',
  description: 'deploy the last good commit again, with a plan and an approval of its own',
  example: 'web production',
};

const askWithinMs = 2000;

export const createRollback = (deps: CommandDeps): Command => {
  const read = async ({ service, environment }: Place): Promise<EnvironmentView | null> => {
    const handle = deps.client.workflow.getHandle(environmentWorkflowId(service, environment));
    const ask = () =>
      deps.client.withDeadline(Date.now() + askWithinMs, () => handle.query(environmentQuery));
    try {
      return await keepTrying(deps.patience, ask, `there is a commit to go back to`);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  };

  return {
    ...rollbackSpec,
    run: async (call, text) => {
      const { positionals } = parseWords(rollbackSpec, text, 2);
      const place = knownPlace(rollbackSpec, deps.outline, positionals[0], positionals[1]);
      const view = await read(place);
      const good = view === null ? null : lastGood(view);
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
