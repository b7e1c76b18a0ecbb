import { LRUCache } from 'lru-cache';
import type { Person } from '../../workflows/contract/person.ts';
import { within } from '../commands/handling/handle-request.ts';
import { ChatError, UserError } from '../platform/errors.ts';

/** Who sent something, as far as we read it; the token says that Teams sent it. */
export interface Sender {
  readonly from?: { readonly id?: string; readonly aadObjectId?: string; readonly role?: string };
  readonly conversation?: { readonly id?: string; readonly tenantId?: string };
  readonly channelData?: { readonly tenant?: { readonly id?: string } };
}

/** What the roster says of somebody, as far as we read it. */
export interface TeamsMember {
  readonly id?: string;
  readonly name?: string;
  readonly aadObjectId?: string;
  /** How Teams spells `aadObjectId` in a roster. */
  readonly objectId?: string;
  readonly email?: string;
  readonly userPrincipalName?: string;
  readonly userRole?: string;
  readonly tenantId?: string;
}

/** Finds out who sent something; throws `UserError` when nobody can be held to it. */
export type ResolveUser = (sender: Sender) => Promise<Person>;

export interface ResolveUserDeps {
  /** Looks somebody up in the conversation in which they spoke. */
  readonly lookUp: (conversationId: string, userId: string) => Promise<TeamsMember>;
  /** Tenants whose people may speak, in lower case. */
  readonly tenants: readonly string[];
  readonly timeoutMs?: number;
}

const refuse = (why: string): never => {
  throw new UserError(`${why} Nothing was done.`);
};

const silent = 'Teams does not say who you are just now. Nothing was done; try again in a moment.';

const lower = (text: string | undefined): string => text?.trim().toLowerCase() ?? '';

const tenantOf = ({ conversation, channelData }: Sender): string =>
  lower(conversation?.tenantId) || lower(channelData?.tenant?.id);

const toPerson = (member: TeamsMember, objectId: string, tenants: readonly string[]): Person => {
  if (lower(member.aadObjectId ?? member.objectId) !== objectId)
    return refuse('Teams names somebody else for you, so it is not certain who you are.');
  if (lower(member.userRole) === 'guest' || lower(member.userPrincipalName).includes('#ext#'))
    return refuse('Guests cannot deploy or decide here. Ask a full member of your organization.');
  if (member.tenantId && !tenants.includes(lower(member.tenantId)))
    return refuse('You belong to another organization.');
  const email = lower(member.email) || lower(member.userPrincipalName);
  if (!email.includes('@'))
    return refuse(
      'Teams does not tell your work e-mail. Ask an administrator to give your account an e-mail address.',
    );
  return { id: email, name: member.name?.trim() || email };
};

const explain = (error: unknown): UserError => {
  if (error instanceof UserError) return error;
  if (error instanceof ChatError && error.kind === 'not_found')
    return new UserError(
      'Teams does not count you among the members of this conversation. Nothing was done.',
    );
  if (error instanceof ChatError && error.kind === 'permanent')
    return new UserError(
      'Teams does not tell the bot who is in this conversation. Add the app here and try again. Nothing was done.',
    );
  return new UserError(silent);
};

/** Remembers people for a while: short enough that a changed address or a new guest is noticed the same day. */
export const createResolveUser = ({ lookUp, tenants, timeoutMs = 1500 }: ResolveUserDeps): ResolveUser => {
  const known = new LRUCache<string, Person, Sender>({
    max: 5000,
    ttl: 15 * 60_000,
    // One look-up for however many clicks arrive meanwhile.
    fetchMethod: async (_key, _stale, { context: { from, conversation } }) =>
      toPerson(await lookUp(conversation?.id ?? '', from?.id ?? ''), lower(from?.aadObjectId), tenants),
  });

  return async (sender) => {
    const objectId = lower(sender.from?.aadObjectId);
    const tenant = tenantOf(sender);
    if (sender.from?.role === 'bot' || sender.from?.id?.startsWith('28:'))
      return refuse('Bots cannot deploy or decide here.');
    if (objectId === '' || !sender.from?.id)
      return refuse(
        'Teams does not say who you are: people without an account of the organization cannot deploy or decide here.',
      );
    if (!tenants.includes(tenant)) return refuse('You belong to another organization.');
    try {
      // The look-up goes on by itself when it is late, for the next click.
      const fetched = known.fetch(`${tenant}/${objectId}`, { context: sender });
      const person = await within(fetched, timeoutMs);
      if (person) return person;
      throw new UserError(silent);
    } catch (error) {
      throw explain(error);
    }
  };
};
