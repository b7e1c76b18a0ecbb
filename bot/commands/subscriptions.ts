import type { Audience } from '../../workflows/contract/conversation.ts';
import { infoCard } from '../cards/notice-cards.ts';
import { UserError } from '../platform/errors.ts';
import type { Command, CommandDeps } from './command.ts';
import { parseCommandArgs, usageError } from './handling/args.ts';
import { resolveSubject } from './handling/resolve-target.ts';
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

export const subscribeSpec: CommandSpec = {
  name: 'subscribe',
  usage: '<service> [failures|all]',
  description:
    'follow a service here: all its runs, or only those denied, expired, failed or cancelled, and when it works again',
  example: 'web failures',
};

const heard = (events: Audience['events'], service: string): string =>
  events === 'all'
    ? `of every run of ${service}`
    : `only of runs of ${service} that are denied, expired, failed or cancelled, and when it works again`;

export const createSubscribe = ({ store, getCatalogSummary: outline }: CommandDeps): Command => ({
  ...subscribeSpec,
  run: async (call, text) => {
    const [typed, wish = 'all'] = parseCommandArgs(subscribeSpec, text, 2).positionals;
    const service = resolveSubject(subscribeSpec, outline, typed);
    const events = wish.toLowerCase();
    if (events !== 'all' && events !== 'failures')
      throw usageError(subscribeSpec, `Say “failures” or “all” after ${service}.`);
    const to = call.conversation;
    const before = (await store.subscriptions.of(service)).find((one) => one.to === to)?.events;
    await store.subscriptions.add(service, { to, events }, call.actor.id);
    const hears = before === events ? 'already hears' : 'now hears';
    return {
      card: infoCard('Subscribed', `This conversation ${hears} ${heard(events, service)}.`),
      outcome: 'accepted',
      visibility: 'channel',
    };
  },
});
