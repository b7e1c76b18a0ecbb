import { approveSpec, createApprove } from './approve.ts';
import { cancelSpec, createCancel } from './cancel.ts';
import type { Command, CommandDeps } from './command.ts';
import { createDeny, denySpec } from './deny.ts';
import { createDeploy, deploySpec } from './deploy.ts';
import { createHelp, helpSpec } from './help.ts';
import { createProvision, provisionSpec } from './provision.ts';
import { createRetry, retrySpec } from './retry.ts';
import { createRollback, rollbackSpec } from './rollback.ts';
import type { CommandSpec } from './spec.ts';
import { createStatus, statusSpec } from './status.ts';
import { createSubscribe, subscribeSpec } from './subscribe.ts';
import { createUnsubscribe, unsubscribeSpec } from './unsubscribe.ts';

/** Every word as data, in the order in which help shows them. */
export const commandSpecs: readonly CommandSpec[] = [
  deploySpec,
  statusSpec,
  approveSpec,
  denySpec,
  cancelSpec,
  retrySpec,
  rollbackSpec,
  provisionSpec,
  subscribeSpec,
  unsubscribeSpec,
  helpSpec,
];

/** Every word with what it does; a new command is its file and one line in both lists. */
export const createCommands = (deps: CommandDeps): readonly Command[] => [
  createDeploy(deps),
  createStatus(deps),
  createApprove(deps),
  createDeny(deps),
  createCancel(deps),
  createRetry(deps),
  createRollback(deps),
  createProvision(deps),
  createSubscribe(deps),
  createUnsubscribe(deps),
  createHelp(commandSpecs, deps.getCatalogSummary),
];
