import type { Activity } from 'botbuilder';
import { LRUCache } from 'lru-cache';
import type { CommandSpec } from '../../commands/spec.ts';
import type { ListenerDeps } from './deps.ts';
import { toIdempotencyKey } from './invocation.ts';
import { welcomeCard } from './welcome.ts';

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
