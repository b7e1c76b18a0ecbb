import type { Audience, Conversation } from '../../workflows/contract/conversation.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';

type SubscriptionPreferences = ReadonlyMap<Conversation, Audience['events']>;

/** Each conversation once. `all` wins over `failures`. */
const merge = (audiences: readonly Audience[]): SubscriptionPreferences => {
  const preferences = new Map<Conversation, Audience['events']>();
  for (const { to, events } of audiences) if (preferences.get(to) !== 'all') preferences.set(to, events);
  return preferences;
};

/** Every conversation that follows a run, once: where it was started, from the catalog, and subscribed. */
export const getSubscribers = (view: RunView, subscribed: readonly Audience[]): readonly Audience[] => {
  const origin: readonly Audience[] =
    view.conversation === null ? [] : [{ to: view.conversation, events: 'all' }];
  const preferences = merge([...origin, ...view.audiences, ...subscribed]);
  return [...preferences].map(([to, events]) => ({ to, events }));
};

/**
 * Conversations that follow the service for failures only. They stay so when a run is started from there:
 * recovery notices do not depend on where a run was started.
 */
export const getFailureSubscribers = (
  view: RunView,
  subscribed: readonly Audience[],
): ReadonlySet<Conversation> => {
  const preferences = merge([...view.audiences, ...subscribed]);
  return new Set([...preferences].flatMap(([to, events]) => (events === 'failures' ? [to] : [])));
};

/** The platform of a conversation: the text before its colon. */
export const toPlatformName = (conversation: Conversation): string =>
  conversation.slice(0, Math.max(0, conversation.indexOf(':')));
