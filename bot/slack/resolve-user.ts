import { LRUCache } from 'lru-cache';
import type { Person } from '../../workflows/contract/person.ts';
import { UserError } from '../platform/errors.ts';
import { readSlackError } from './slack-error.ts';

/** What users.info says of somebody, as far as we read it. */
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

/** Finds out who a Slack user is; throws `UserError` when nobody can be held to it. */
export type ResolveUser = (userId: string) => Promise<Person>;

export interface ResolveUserDeps {
  readonly usersInfo: (userId: string) => Promise<SlackUser | undefined>;
  /** Our own workspace; null while it is not known. */
  readonly teamId: () => string | null;
}

const refuse = (why: string): never => {
  throw new UserError(`${why} Nothing was done.`);
};

const belongs = (user: SlackUser, team: string): boolean =>
  user.team_id === team || (user.enterprise_user?.teams ?? []).includes(team);

const toPerson = (user: SlackUser | undefined, team: string | null): Person => {
  if (user === undefined || user.deleted) return refuse('Slack does not know you any more.');
  if (user.is_bot) return refuse('Bots cannot deploy or decide here.');
  if (team === null) return refuse('The bot is not connected to Slack yet; try again in a moment.');
  if (!belongs(user, team)) return refuse('You belong to another Slack workspace.');
  if (user.is_restricted || user.is_ultra_restricted || user.is_stranger)
    return refuse('Guests cannot deploy or decide here. Ask a full member of the workspace.');
  const email = user.profile?.email?.trim().toLowerCase();
  if (!email)
    return refuse(
      'Your work e-mail is not readable here. Whoever runs the Slack app should add the scope users:read.email and install it again.',
    );
  if (user.is_email_confirmed === false)
    return refuse('Your e-mail address is not confirmed in Slack. Confirm it in your Slack profile first.');
  const name = user.profile?.real_name || user.real_name || user.profile?.display_name || user.name || email;
  return { id: email, name };
};

const explain = (error: unknown): UserError => {
  if (error instanceof UserError) return error;
  const failure = readSlackError(error);
  if (failure.kind !== 'refused')
    return new UserError('Slack does not say who you are just now. Nothing was done; try again in a moment.');
  if (failure.code === 'missing_scope')
    return new UserError(
      `The Slack app may not look people up (${failure.needed ?? 'users:read.email'} is missing). Whoever runs it should install it again with its manifest. Nothing was done.`,
    );
  return new UserError(`Slack does not say who you are (${failure.code}). Nothing was done.`);
};

/** Remembers people for a while: short enough that a changed address or a new guest is noticed the same day. */
export const createResolveUser = ({ usersInfo, teamId }: ResolveUserDeps): ResolveUser => {
  const known = new LRUCache<string, Person>({
    max: 5000,
    ttl: 15 * 60_000,
    // One look-up for however many clicks arrive meanwhile.
    fetchMethod: async (userId) => toPerson(await usersInfo(userId), teamId()),
  });
  return async (userId) => {
    try {
      return (await known.fetch(userId)) ?? refuse('Slack does not say who you are just now.');
    } catch (error) {
      throw explain(error);
    }
  };
};
