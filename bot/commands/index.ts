import { helpCard } from '../cards/help-card.ts';
import type { Command, CommandDeps, GetCatalogSummary } from './command.ts';
import {
  approveSpec,
  cancelSpec,
  createApprove,
  createCancel,
  createDeny,
  createRetry,
  denySpec,
  retrySpec,
} from './decisions.ts';
import { createDeploy, deploySpec } from './deploy.ts';
import { createProvision, provisionSpec } from './provision.ts';
import { createRollback, rollbackSpec } from './rollback.ts';
import type { CommandSpec } from './spec.ts';
import { createStatus, statusSpec } from './status.ts';
import { createSubscribe, createUnsubscribe, subscribeSpec, unsubscribeSpec } from './subscriptions.ts';

const helpSpec: CommandSpec = {
  name: 'help',
  usage: '',
  description: 'list the commands, and what you can deploy',
  example: '',
};

const createHelp = (getCatalogSummary: GetCatalogSummary): Command => ({
  ...helpSpec,
  run: () => {
    const known = getCatalogSummary();
    const services =
      known?.services.map(({ name, environments }) => ({
        name,
        environments: environments.map((one) =>
          one.approval === null ? one.name : `${one.name} (with approval)`,
        ),
      })) ?? null;
    const card = helpCard(commandSpecs, services, known?.stacks);
    return Promise.resolve({ card, outcome: 'listing', visibility: 'ephemeral' });
  },
});

/** All commands as data, in the order of the help card. */
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

/** All commands. A new command is a file and one line in both lists. */
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
  createHelp(deps.getCatalogSummary),
];
