import type { Audience, Conversation } from '../../workflows/contract/conversation.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';

type SubscriptionPreferences = ReadonlyMap<Conversation, Audience['events']>;

/** Each once; where one is named twice, the wider wish counts. */
const merge = (named: readonly Audience[]): SubscriptionPreferences => {
  const wishes = new Map<Conversation, Audience['events']>();
  for (const { to, events } of named) if (wishes.get(to) !== 'all') wishes.set(to, events);
  return wishes;
};

/** Everybody who follows a run, each once; where one is named twice, the wider wish counts. */
export const getSubscribers = (view: RunView, subscribed: readonly Audience[]): readonly Audience[] => {
  const asked: readonly Audience[] =
    view.conversation === null ? [] : [{ to: view.conversation, events: 'all' }];
  const wishes = merge([...asked, ...view.audiences, ...subscribed]);
  return [...wishes].map(([to, events]) => ({ to, events }));
};

/**
 * Those who follow the service for its failures, also when this one run was asked for there:
 * what they are promised of the service does not hang on who asks where.
 */
export const getFailureSubscribers = (
  view: RunView,
  subscribed: readonly Audience[],
): ReadonlySet<Conversation> => {
  const wishes = merge([...view.audiences, ...subscribed]);
  return new Set([...wishes].flatMap(([to, events]) => (events === 'failures' ? [to] : [])));
};

/** The platform's name: the word before the colon. */
export const toPlatformName = (conversation: Conversation): string =>
  conversation.slice(0, Math.max(0, conversation.indexOf(':')));
