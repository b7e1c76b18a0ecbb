import { noteCard } from '../cards/error-card.ts';
import type { Command, CommandDeps } from './command.ts';
import { knownService } from './names.ts';
import type { CommandSpec } from './spec.ts';
import { parseWords, usageError } from './words.ts';

export const subscribeSpec: CommandSpec = {
  name: 'subscribe',
  usage: '<service> [failures|all]',
  description: 'show the runs of a service in this conversation',
  example: 'web failures',
};

export const createSubscribe = ({ store, outline }: CommandDeps): Command => ({
  ...subscribeSpec,
  run: async (call, text) => {
    const [typed, wish = 'all'] = parseWords(subscribeSpec, text, 2).positionals;
    const service = knownService(subscribeSpec, outline, typed);
    const events = wish.toLowerCase();
    if (events !== 'all' && events !== 'failures')
      throw usageError(subscribeSpec, `Say “failures” or “all” after ${service}.`);
    await store.subscriptions.add(service, { to: call.conversation, events }, call.actor.id);
    const what = events === 'all' ? 'every deployment' : 'failed deployments';
    return {
      card: noteCard('Subscribed', `This conversation now hears of ${what} of ${service}.`),
      to: 'conversation',
    };
  },
});
