import { LRUCache } from 'lru-cache';
import type { Logger } from '../../runtime/logger.ts';
import type { ConversationReference } from './conversation-references.ts';
import type { TeamsMember } from './resolve-user.ts';

/** Somebody as Teams names them in a mention or in the list of those whose card is refreshed. */
interface Known {
  readonly id: string;
  readonly name: string;
}

/** The people of a conversation with these work e-mails; null when the roster cannot be read. */
export type FindMembers = (
  reference: ConversationReference,
  emails: readonly string[],
) => Promise<readonly Known[] | null>;

export interface MembersDeps {
  readonly roster: (reference: ConversationReference) => Promise<readonly TeamsMember[]>;
  readonly logger: Logger;
}

type Roster = ReadonlyMap<string, Known>;

const keepMs = 5 * 60_000;
/** A roster that cannot be read is asked for again soon, yet not at every edit of a card. */
const keepFailureMs = 30_000;

const addresses = ({ email, userPrincipalName }: TeamsMember): readonly string[] =>
  [email, userPrincipalName].flatMap((one) => (one ? [one.trim().toLowerCase()] : []));

const toRoster = (members: readonly TeamsMember[]): Roster =>
  new Map(
    members.flatMap((member) => {
      const { id, name } = member;
      return id ? addresses(member).map((address) => [address, { id, name: name || address }] as const) : [];
    }),
  );

export const createMembers = ({ roster, logger }: MembersDeps): { readonly idsOf: FindMembers } => {
  const rosters = new LRUCache<string, { readonly people: Roster | null }, ConversationReference>({
    max: 500,
    ttl: keepMs,
    fetchMethod: async (conversationId, _stale, { context, options }) => {
      try {
        return { people: toRoster(await roster(context)) };
      } catch (error) {
        logger.warn({ conversationId, error: String(error) }, 'the members of a conversation cannot be read');
        options.ttl = keepFailureMs;
        return { people: null };
      }
    },
  });

  return {
    async idsOf(reference, emails) {
      if (emails.length === 0) return [];
      const held = await rosters.fetch(reference.conversationId, { context: reference });
      const people = held?.people ?? null;
      if (people === null) return null;
      const wanted = [...new Set(emails.map((email) => email.toLowerCase()))];
      return wanted.flatMap((email) => people.get(email) ?? []);
    },
  };
};
