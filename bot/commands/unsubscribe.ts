import { infoCard } from '../cards/notice-cards.ts';
import { UserError } from '../platform/errors.ts';
import type { Command, CommandDeps } from './command.ts';
import { parseCommandArgs, usageError } from './handling/args.ts';
import type { CommandSpec } from './spec.ts';

export const unsubscribeSpec: CommandSpec = {
  name: 'unsubscribe',
  usage: '<service>',
  description: 'stop showing the runs of a service in this conversation',
  example: 'web',
};

export const createUnsubscribe = ({ store, getCatalogSummary: outline }: CommandDeps): Command => ({
  ...unsubscribeSpec,
  run: async (call, text) => {
    const [typed] = parseCommandArgs(unsubscribeSpec, text, 1).positionals;
    if (typed === undefined) throw usageError(unsubscribeSpec, 'Say which service.');
    const { services = [], stacks = [] } = outline() ?? {};
    const names = [...services.map(({ name }) => name), ...stacks];
    // A service that has left the catalog can still be left.
    const service = names.find((name) => name.toLowerCase() === typed.toLowerCase()) ?? typed;
    if (!(await store.subscriptions.remove(service, call.conversation)))
      throw new UserError(`This conversation is not subscribed to “${service.slice(0, 60)}”.`);
    return {
      card: infoCard('Unsubscribed', `This conversation hears no more of ${service}.`),
      outcome: 'accepted',
      visibility: 'channel',
    };
  },
});
