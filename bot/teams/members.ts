import { LRUCache } from 'lru-cache';
import type { Logger } from '../../runtime/logger.ts';
import type { ConversationReference } from './conversation-references.ts';
import type { TeamsMember } from './resolve-user.ts';

/** A person as Teams identifies them in a mention or in a card's `refresh.userIds`. */
interface MemberId {
  readonly id: string;
  readonly name: string;
}

/** Finds the members of a conversation by work email; null when the roster cannot be read. */
export type FindMembers = (
  reference: ConversationReference,
  emails: readonly string[],
) => Promise<readonly MemberId[] | null>;

export interface MembersDeps {
  readonly roster: (reference: ConversationReference) => Promise<readonly TeamsMember[]>;
  readonly logger: Logger;
}

/** Members by email and by user principal name. */
type Roster = ReadonlyMap<string, MemberId>;

const cacheMs = 5 * 60_000;
/** A failed look-up is repeated soon, but not at every edit of a card. */
const failureCacheMs = 30_000;

const getEmails = ({ email, userPrincipalName }: TeamsMember): readonly string[] =>
  [email, userPrincipalName].flatMap((one) => (one ? [one.trim().toLowerCase()] : []));

const toRoster = (members: readonly TeamsMember[]): Roster =>
  new Map(
    members.flatMap((member) => {
      const { id, name } = member;
      return id ? getEmails(member).map((email) => [email, { id, name: name || email }] as const) : [];
    }),
  );

export const createFindMembers = ({ roster, logger }: MembersDeps): FindMembers => {
  const rosters = new LRUCache<string, { readonly people: Roster | null }, ConversationReference>({
    max: 500,
    ttl: cacheMs,
    perf: Date,
    fetchMethod: async (conversationId, _stale, { context, options }) => {
      try {
        return { people: toRoster(await roster(context)) };
      } catch (error) {
        logger.warn(
          { conversationId, reason: String(error) },
          'the members of a conversation cannot be read',
        );
        options.ttl = failureCacheMs;
        return { people: null };
      }
    },
  });

  return async (reference, emails) => {
    if (emails.length === 0) return [];
    const cached = await rosters.fetch(reference.conversationId, { context: reference });
    const people = cached?.people ?? null;
    if (people === null) return null;
    const wanted = [...new Set(emails.map((email) => email.toLowerCase()))];
    return wanted.flatMap((email) => people.get(email) ?? []);
  };
};
