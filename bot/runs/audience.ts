import type { Audience, Conversation } from '../../workflows/contract/conversation.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';

/** Everybody who follows a run, each once; where one is named twice, the wider wish counts. */
export const audienceOf = (view: RunView, subscribed: readonly Audience[]): readonly Audience[] => {
  const wishes = new Map<Conversation, Audience['events']>();
  const asked: readonly Audience[] =
    view.conversation === null ? [] : [{ to: view.conversation, events: 'all' }];
  for (const { to, events } of [...asked, ...view.audiences, ...subscribed])
    if (wishes.get(to) !== 'all') wishes.set(to, events);
  return [...wishes].map(([to, events]) => ({ to, events }));
};

/** The platform's name: the word before the colon. */
export const platformName = (conversation: Conversation): string =>
  conversation.slice(0, Math.max(0, conversation.indexOf(':')));
