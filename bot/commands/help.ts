import { helpCard } from '../cards/help-card.ts';
import type { GetCatalogSummary } from './catalog-summary.ts';
import type { Command } from './command.ts';
import type { CommandSpec } from './spec.ts';

export const helpSpec: CommandSpec = {
  name: 'help',
  usage: '',
  description: 'what you can type, and what you can deploy',
  example: '',
};

export const createHelp = (words: readonly CommandSpec[], outline: GetCatalogSummary): Command => ({
  ...helpSpec,
  run: () => {
    const known = outline();
    const services =
      known?.services.map(({ name, environments }) => ({
        name,
        environments: environments.map((one) =>
          one.approval === null ? one.name : `${one.name} (with approval)`,
        ),
      })) ?? null;
    const card = helpCard(words, services, known?.stacks);
    return Promise.resolve({ card, outcome: 'listing', visibility: 'ephemeral' });
  },
});
