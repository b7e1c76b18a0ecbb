import { LRUCache } from 'lru-cache';
import type { Logger } from '../../runtime/logger.ts';
import type { Person } from '../../workflows/contract/person.ts';
import { UserError } from '../platform/errors.ts';
import { createUserCache, refuseUser } from '../platform/shared/user-cache.ts';
import type { SlackClient } from './clients.ts';
import { readSlackError } from './slack-errors.ts';

/** The fields of a users.info answer that Quarterdeck reads: https://docs.slack.dev/reference/objects/user-object */
export interface SlackUser {
  readonly id?: string;
  readonly team_id?: string;
  readonly name?: string;
  readonly real_name?: string;
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly is_stranger?: boolean;
  readonly is_email_confirmed?: boolean;
  readonly enterprise_user?: { readonly teams?: readonly string[] };
  readonly profile?: { readonly email?: string; readonly real_name?: string; readonly display_name?: string };
}

/** Resolves a Slack user ID to a person; throws `UserError` for a user who may not use the bot. */
export type ResolveUser = (userId: string) => Promise<Person>;

export interface ResolveUserDeps {
  readonly usersInfo: (userId: string) => Promise<SlackUser | undefined>;
  /** The bot's workspace; null until Slack has named it. */
  readonly teamId: () => string | null;
}

const belongsTo = (user: SlackUser, team: string): boolean =>
  user.team_id === team || (user.enterprise_user?.teams ?? []).includes(team);

const toPerson = (user: SlackUser | undefined, team: string | null): Person => {
  if (user === undefined || user.deleted)
    return refuseUser('Your Slack account is deactivated or was deleted.');
  if (user.is_bot) return refuseUser("Bots can't deploy or decide.");
  if (team === null) return refuseUser('The bot is not connected to Slack yet.', 'Try again shortly.');
  if (!belongsTo(user, team)) return refuseUser('You belong to another Slack workspace.');
  if (user.is_restricted || user.is_ultra_restricted || user.is_stranger)
    return refuseUser("Guests can't deploy or decide.", 'Ask a full member of the workspace.');
  const email = user.profile?.email?.trim().toLowerCase();
  if (!email)
    return refuseUser(
      "I can't read your work email.",
      'A Slack admin must add the scope `users:read.email` and reinstall the app.',
    );
  if (user.is_email_confirmed === false)
    return refuseUser('Your email is not confirmed in Slack.', 'Confirm it in your Slack profile.');
  const name = user.profile?.real_name || user.real_name || user.profile?.display_name || user.name || email;
  return { id: email, name };
};

const explain = (error: unknown): UserError => {
  if (error instanceof UserError) return error;
  const failure = readSlackError(error);
  const cause = { cause: error };
  if (failure.kind !== 'refused')
    return new UserError("Slack didn't return your profile. Nothing was done.", {
      ...cause,
      hint: 'Try again shortly.',
    });
  if (failure.code === 'missing_scope')
    return new UserError(
      `The Slack app lacks the scope ${failure.needed ?? 'users:read.email'}. Nothing was done.`,
      { ...cause, hint: 'Ask a Slack admin to reinstall the app with its manifest.' },
    );
  return new UserError(`Slack didn't return your profile (${failure.code}). Nothing was done.`, cause);
};

/** A margin over the Slack client's own timeout, which decides. */
const resolveTimeoutMs = 2000;

export const createResolveUser = ({ usersInfo, teamId }: ResolveUserDeps): ResolveUser => {
  const resolve = createUserCache<string>({
    lookUp: async (userId) => toPerson(await usersInfo(userId), teamId()),
    explain,
    timeoutMs: resolveTimeoutMs,
  });
  return (userId) => resolve(userId, userId);
};

/** Resolves work emails to Slack user IDs; emails that Slack does not know are left out. */
export type ResolveMentions = (emails: readonly string[]) => Promise<readonly string[]>;

const maxMentions = 10;
const mentionCacheMs = 60 * 60_000;

export const createResolveMentions = (client: SlackClient, logger: Logger): ResolveMentions => {
  const ids = new LRUCache<string, { readonly id: string | null }>({ max: 2000, ttl: mentionCacheMs });

  const lookUp = async (email: string): Promise<string | null> => {
    const cached = ids.get(email);
    if (cached !== undefined) return cached.id;
    try {
      const { user } = await client.users.lookupByEmail({ email });
      const id = user?.id && !user.deleted ? user.id : null;
      ids.set(email, { id });
      return id;
    } catch (error) {
      const failure = readSlackError(error);
      if (failure.kind === 'refused' && failure.code === 'users_not_found') ids.set(email, { id: null });
      else logger.warn({ failure }, 'a person cannot be mentioned in Slack');
      return null;
    }
  };

  return async (emails) => {
    const found = await Promise.all([...new Set(emails)].slice(0, maxMentions).map(lookUp));
    return found.filter((id) => id !== null);
  };
};
