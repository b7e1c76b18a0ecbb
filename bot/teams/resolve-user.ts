import type { Person } from '../../workflows/contract/person.ts';
import { ChatError, UserError } from '../platform/errors.ts';
import { createUserCache, refuseUser } from '../platform/shared/user-cache.ts';

/** The sender of an activity, as far as Quarterdeck reads it; the token proves that Teams sent it. */
export interface Sender {
  readonly from?: { readonly id?: string; readonly aadObjectId?: string; readonly role?: string };
  readonly conversation?: { readonly id?: string; readonly tenantId?: string };
  readonly channelData?: { readonly tenant?: { readonly id?: string } };
}

/** A member of a conversation's roster, as far as Quarterdeck reads it. */
export interface TeamsMember {
  readonly id?: string;
  readonly name?: string;
  readonly aadObjectId?: string;
  /** Rosters name `aadObjectId` this way. */
  readonly objectId?: string;
  readonly email?: string;
  readonly userPrincipalName?: string;
  readonly userRole?: string;
  readonly tenantId?: string;
}

/** Resolves a sender to a person; throws `UserError` for a sender who may not use the bot. */
export type ResolveUser = (sender: Sender) => Promise<Person>;

export interface ResolveUserDeps {
  /** Asks for a member of the conversation in which the person wrote. */
  readonly lookUp: (conversationId: string, userId: string) => Promise<TeamsMember>;
  /** Tenants whose people may use the bot, in lowercase. */
  readonly tenants: readonly string[];
  readonly timeoutMs?: number;
}

const botsRefused = "Bots can't deploy or decide.";
const otherOrganization = 'You belong to another organization.';

const lower = (text: string | undefined): string => text?.trim().toLowerCase() ?? '';

const getTenant = ({ conversation, channelData }: Sender): string =>
  lower(conversation?.tenantId) || lower(channelData?.tenant?.id);

const toPerson = (member: TeamsMember, objectId: string, tenants: readonly string[]): Person => {
  if (lower(member.aadObjectId ?? member.objectId) !== objectId)
    return refuseUser(
      "Teams returned a different user for this request, so your identity can't be verified.",
    );
  if (lower(member.userRole) === 'guest' || lower(member.userPrincipalName).includes('#ext#'))
    return refuseUser("Guests can't deploy or decide.", 'Ask a full member of your organization.');
  if (member.tenantId && !tenants.includes(lower(member.tenantId))) return refuseUser(otherOrganization);
  const email = lower(member.email) || lower(member.userPrincipalName);
  if (!email.includes('@'))
    return refuseUser(
      "Teams didn't provide your work email.",
      'Ask an administrator to add an email to your account.',
    );
  return { id: email, name: member.name?.trim() || email };
};

const explain = (error: unknown): UserError => {
  if (error instanceof UserError) return error;
  const cause = { cause: error };
  if (error instanceof ChatError && error.kind === 'not_found')
    return new UserError("You aren't a member of this conversation in Teams. Nothing was done.", cause);
  if (error instanceof ChatError && error.kind === 'permanent')
    return new UserError("I can't read this conversation's members. Nothing was done.", {
      ...cause,
      hint: 'Add the app here and retry.',
    });
  return new UserError("Teams didn't return your profile. Nothing was done.", {
    ...cause,
    hint: 'Try again shortly.',
  });
};

const defaultTimeoutMs = 1500;

export const createResolveUser = (deps: ResolveUserDeps): ResolveUser => {
  const { lookUp, tenants, timeoutMs = defaultTimeoutMs } = deps;
  const resolve = createUserCache<Sender>({
    lookUp: async ({ from, conversation }) =>
      toPerson(await lookUp(conversation?.id ?? '', from?.id ?? ''), lower(from?.aadObjectId), tenants),
    explain,
    timeoutMs,
  });

  return async (sender) => {
    const objectId = lower(sender.from?.aadObjectId);
    const tenant = getTenant(sender);
    if (sender.from?.role === 'bot' || sender.from?.id?.startsWith('28:')) return refuseUser(botsRefused);
    if (objectId === '' || !sender.from?.id)
      return refuseUser(
        "Teams didn't identify you. People without an account of the organization can't deploy or decide.",
      );
    if (!tenants.includes(tenant)) return refuseUser(otherOrganization);
    return resolve(`${tenant}/${objectId}`, sender);
  };
};
