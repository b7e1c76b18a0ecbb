import type { Audience } from '../../workflows/contract/conversation.ts';
import { infoCard } from '../cards/notice-cards.ts';
import { UserError } from '../platform/errors.ts';
import type { Reply } from '../platform/platform.ts';
import type { Command, CommandDeps } from './command.ts';
import { parseCommandArgs, usageError } from './handling/args.ts';
import { resolveSubject } from './handling/resolve-target.ts';
import type { CommandSpec } from './spec.ts';

export const subscribeSpec: CommandSpec = {
  name: 'subscribe',
  usage: '<service> [failures|all]',
  description: 'subscribe this conversation to a service: all runs, or only failures and recoveries',
  example: 'web failures',
};

export const unsubscribeSpec: CommandSpec = {
  name: 'unsubscribe',
  usage: '<service>',
  description: 'unsubscribe this conversation from a service',
  example: 'web',
};

const describe = (events: Audience['events'], service: string): string =>
  events === 'all'
    ? `about every run of ${service}`
    : `when a run of ${service} fails, is denied, expires or is cancelled, and when ${service} recovers`;

const toReply = (title: string, message: string): Reply => ({
  card: infoCard(title, message),
  outcome: 'accepted',
  visibility: 'channel',
});

export const createSubscribe = ({ store, getCatalogSummary }: CommandDeps): Command => ({
  ...subscribeSpec,
  run: async ({ conversation: to, actor }, text) => {
    const [typed, choice = 'all'] = parseCommandArgs(subscribeSpec, text, 2).positionals;
    const service = resolveSubject(subscribeSpec, getCatalogSummary, typed);
    const events = choice.toLowerCase();
    if (events !== 'all' && events !== 'failures')
      throw usageError(subscribeSpec, `Unknown option “${choice.slice(0, 40)}”. Use “failures” or “all”.`);
    const before = (await store.subscriptions.of(service)).find((one) => one.to === to)?.events;
    await store.subscriptions.add(service, { to, events }, actor.id);
    const already = before === events ? 'already' : 'now';
    return toReply('Subscribed', `This conversation is ${already} notified ${describe(events, service)}.`);
  },
});

export const createUnsubscribe = ({ store, getCatalogSummary }: CommandDeps): Command => ({
  ...unsubscribeSpec,
  run: async ({ conversation }, text) => {
    const [typed] = parseCommandArgs(unsubscribeSpec, text, 1).positionals;
    if (typed === undefined) throw usageError(unsubscribeSpec, 'Missing service.');
    const { services = [], stacks = [] } = getCatalogSummary() ?? {};
    const names = [...services.map(({ name }) => name), ...stacks];
    // A subscription outlives its service's entry in the catalog.
    const service = names.find((name) => name.toLowerCase() === typed.toLowerCase()) ?? typed;
    if (!(await store.subscriptions.remove(service, conversation)))
      throw new UserError(`This conversation is not subscribed to “${service.slice(0, 60)}”.`);
    return toReply('Unsubscribed', `This conversation is unsubscribed from ${service}.`);
  },
});
