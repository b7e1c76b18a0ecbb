import { WorkflowNotFoundError } from '@temporalio/client';
import {
  type AppliedRecord,
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
import type { CommandSpec } from './spec.ts';

const short = (commit: string): string => commit.slice(0, 7);

/** Where a rollback goes, and where it comes from as people are told. */
export interface RollbackTarget {
  readonly to: string;
  readonly from: string;
}

/**
 * The commit before the present one. The present one may stand in the record several times: deployed
 * again, or gone back to. What came between was left for it, so the search begins at its first time.
 */
const before = (environment: string, applied: readonly AppliedRecord[], present: string): AppliedRecord => {
  const first = applied.findLastIndex(({ revision }) => revision === present);
  const older = applied[first + 1];
  if (older) return older;
  const left = applied.find(({ revision }) => revision !== present);
  const why = left
    ? `${environment} went back to ${short(present)} already, and nothing older is known. For ${short(left.revision)}, deploy it with --ref.`
    : `${environment} has had one commit only: ${short(present)}.`;
  throw new UserError(`There is nothing to go back to: ${why}`);
};

/** After an apply that was cut short the newest good commit is the last that was applied whole. */
export const findRollbackTarget = (
  environment: string,
  { applied, unfinished }: Pick<EnvironmentView, 'applied' | 'unfinished'>,
): RollbackTarget | null => {
  const [newest] = applied;
  if (!newest) return null;
  if (unfinished) return { to: newest.revision, from: 'a deployment that was cut short' };
  const { revision } = before(environment, applied, newest.revision);
  return { to: revision, from: short(newest.revision) };
};

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
