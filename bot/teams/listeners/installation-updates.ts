import type { Activity } from 'botbuilder';
import { LRUCache } from 'lru-cache';
import type { Card } from '../../cards/card.ts';
import type { CommandSpec } from '../../commands/spec.ts';
import { type ListenerDeps, toIdempotencyKey } from './invocation.ts';

const wordsShown = 12;

/** Short: the word help tells the rest, as the catalog then is. */
export const welcomeCard = (
  { conversation, recipient }: Pick<Activity, 'conversation' | 'recipient'>,
  commands: readonly CommandSpec[],
): Card => {
  const alone = conversation.conversationType === 'personal';
  const before = alone ? '' : `@${recipient?.name || 'Quarterdeck'} `;
  const how = alone ? 'Type what you want' : 'Mention me with what you want';
  const examples = commands.filter(({ example }) => example !== '').slice(0, 3);
  return {
    kind: 'list',
    title: 'Deployments, from here',
    tone: 'neutral',
    summary: `${how}; ${before}help says what there is to deploy.`,
    fields: [],
    sections: [
      { type: 'text', text: `${how}; ${before}help says what there is to deploy.` },
      {
        type: 'list',
        title: 'For example',
        lines: examples.map(({ name, example }) => `${before}${name} ${example}`),
        more: null,
      },
      {
        type: 'text',
        text: `Words: ${commands
          .slice(0, wordsShown)
          .map(({ name }) => name)
          .join(', ')}.`,
      },
    ],
    buttons: [],
    footer: null,
  };
};

const memoryMs = 15 * 60_000;

const leaves = ({ recipient, membersRemoved }: Activity): boolean =>
  Boolean(recipient?.id) && (membersRemoved ?? []).some(({ id }) => id === recipient.id);

/** True when the bot has no business in the conversation any more. */
export const isUninstall = (turnActivity: Activity): boolean => {
  const { type, action, channelData } = turnActivity;
  if (type === 'installationUpdate') return action === 'remove';
  return type === 'conversationUpdate' && (leaves(turnActivity) || channelData?.eventType === 'teamDeleted');
};

/** Says once what can be typed, where the app was just added; an update of the app is not an addition. */
export const createOnInstallationUpdate = (
  { tell, inFlight }: Pick<ListenerDeps, 'tell' | 'inFlight'>,
  commands: readonly CommandSpec[],
) => {
  const greeted = new LRUCache<string, true>({ max: 10_000, ttl: memoryMs });
  return (turnActivity: Activity): void => {
    if (turnActivity.type !== 'installationUpdate' || turnActivity.action !== 'add') return;
    const key = toIdempotencyKey(turnActivity);
    if (greeted.has(key)) return;
    greeted.set(key, true);
    const card = welcomeCard(turnActivity, commands);
    void inFlight.track(() => tell(turnActivity, { card, outcome: 'listing', visibility: 'channel' }));
  };
};
