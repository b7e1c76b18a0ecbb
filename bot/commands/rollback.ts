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

/** The revision to deploy again, and the present one as text. */
export interface RollbackTarget {
  readonly to: string;
  readonly from: string;
}

/**
 * The revision before the present one. The record may list the present one several times, after a repeated
 * deployment or a rollback. Everything newer than its oldest entry was rolled back, so the search starts there.
 */
const before = (environment: string, applied: readonly AppliedRecord[], present: string): AppliedRecord => {
  const first = applied.findLastIndex(({ revision }) => revision === present);
  const older = applied[first + 1];
  if (older) return older;
  const left = applied.find(({ revision }) => revision !== present);
  const why = left
    ? `${environment} already runs ${short(present)}, the oldest known deployment. To deploy ${short(left.revision)}, use deploy --ref ${short(left.revision)}.`
    : `${short(present)} is the only known deployment of ${environment}.`;
  throw new UserError(`Can't roll back: ${why}`);
};

/** After an interrupted apply, the newest recorded revision is the last one that was applied completely. */
export const findRollbackTarget = (
  environment: string,
  { applied, unfinished }: Pick<EnvironmentView, 'applied' | 'unfinished'>,
): RollbackTarget | null => {
  const [newest] = applied;
  if (!newest) return null;
  if (unfinished) return { to: newest.revision, from: 'an interrupted deployment' };
  const { revision } = before(environment, applied, newest.revision);
  return { to: revision, from: short(newest.revision) };
};

export const rollbackSpec: CommandSpec = {
  name: 'rollback',
  usage: '<service> [environment]',
  description: 'deploy the last good commit again, with a new plan and a new approval',
  example: 'web production',
};

export const createRollback = (deps: CommandDeps): Command => {
  const read = async ({ service, environment }: ServiceEnvironment): Promise<EnvironmentView | null> => {
    const handle = deps.client.workflow.getHandle(environmentWorkflowId(service, environment));
    const ask = () =>
      deps.client.withDeadline(Date.now() + requestTimeoutMs, () => handle.query(environmentQuery));
    try {
      return readEnvironmentView(
        await retryWhileUnavailable(deps.retryBudget, ask, 'a rollback target exists'),
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
        throw new UserError(`Can't roll back: Quarterdeck has never deployed ${service} to ${environment}.`);
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
