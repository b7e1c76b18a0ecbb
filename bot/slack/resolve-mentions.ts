import { LRUCache } from 'lru-cache';
import type { Logger } from '../../runtime/logger.ts';
import type { SlackClient } from './clients.ts';
import { readSlackError } from './slack-error.ts';

/** Slack's ids of the people with these work e-mails; whoever is not found is left out. */
export type ResolveMentions = (emails: readonly string[]) => Promise<readonly string[]>;

const maxMentions = 10;

export const createResolveMentions = (client: SlackClient, logger: Logger): ResolveMentions => {
  const known = new LRUCache<string, { readonly id: string | null }>({ max: 2000, ttl: 60 * 60_000 });

  const find = async (email: string): Promise<string | null> => {
    const held = known.get(email);
    if (held !== undefined) return held.id;
    try {
      const { user } = await client.users.lookupByEmail({ email });
      const id = user?.id && !user.deleted ? user.id : null;
      known.set(email, { id });
      return id;
    } catch (error) {
      const failure = readSlackError(error);
      if (failure.kind === 'refused' && failure.code === 'users_not_found') known.set(email, { id: null });
      else logger.warn({ failure }, 'somebody could not be mentioned in Slack');
      return null;
    }
  };

  return async (emails) => {
    const ids = await Promise.all([...new Set(emails)].slice(0, maxMentions).map(find));
    return ids.filter((id) => id !== null);
  };
};
