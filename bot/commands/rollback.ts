import { WorkflowNotFoundError } from '@temporalio/client';
import {
  type AppliedRecord,
  type EnvironmentView,
  environmentQuery,
  environmentWorkflowId,
} from '../../workflows/contract/environment.ts';
import { UserError } from '../errors.ts';
import type { Command, CommandDeps } from './command.ts';
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

/** After an apply that was cut short the newest good commit is the first, else the one before it. */
const lastGood = ({ applied, unfinished }: EnvironmentView): AppliedRecord | undefined =>
  unfinished ? applied[0] : applied[1];

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
      const where = `${place.service} in ${place.environment}`;
      if (view === null || view.applied.length === 0)
        throw new UserError(`There is nothing to go back to: ${where} was never deployed from here.`);
      const good = lastGood(view);
      if (good === undefined)
        throw new UserError(`There is nothing to go back to: ${where} has had one deployment only.`);
      return startDeploy(deps, call, {
        ...place,
        ref: good.commit,
        force: true,
        requestedBy: call.actor,
        conversation: call.conversation,
      });
    },
  };
};
