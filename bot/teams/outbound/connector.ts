import type { Activity } from 'botbuilder';
import type { ConnectorClient } from 'botframework-connector';
import type { TeamsMember } from '../actor.ts';
import type { TeamsConfig } from '../config.ts';
import { inThread, type Place, threadOf } from '../conversation.ts';
import type { Reference } from '../references.ts';
import { type Auth, createAsk, type Request } from './ask.ts';
import type { Pace, Urgency } from './pace.ts';

/** What is posted: a message as Teams takes it. */
export type Outgoing = Partial<Activity>;

interface SendOptions {
  /** The first message of the channel's thread to add to. */
  readonly threadId?: string | null;
  readonly urgency?: Urgency;
}

/** The Bot Connector of Teams, at its pace. Each call is one request, or none; it throws `ChatError`. */
export interface Connector {
  send(reference: Reference, activity: Outgoing, options?: SendOptions): Promise<Place>;
  /** A channel's new thread, with this as its first message. */
  newThread(reference: Reference, activity: Outgoing): Promise<Place>;
  edit(place: Place, reference: Reference, activity: Outgoing): Promise<void>;
  member(reference: Reference, userId: string): Promise<TeamsMember>;
  members(reference: Reference): Promise<readonly TeamsMember[]>;
}

const posting: Request = {
  doing: 'posting to',
  traffic: 'write',
  urgency: 'card',
  repeatable: false,
  toMessage: false,
};
const editing: Request = { ...posting, doing: 'redrawing a card in', repeatable: true, toMessage: true };
const reading: Request = {
  ...posting,
  doing: 'asking for the members of',
  traffic: 'read',
  repeatable: true,
};

/** The SDK's type asks for a token before there is one. */
type PageOptions = Parameters<ConnectorClient['conversations']['getConversationPagedMembers']>[1];

const pageSize = 500;
const maxPages = 20;

export const createConnector = (
  auth: Auth,
  config: Pick<TeamsConfig, 'appId' | 'serviceHosts'>,
  pace: Pace,
  timeoutMs = 12_000,
): Connector => {
  const ask = createAsk(auth, config, pace, timeoutMs);

  return {
    send(reference, activity, { threadId = null, urgency = 'answer' } = {}) {
      const { conversationId: id } = reference;
      const conversationId = threadId === null ? id : inThread(id, threadId);
      const request = { ...posting, urgency, toMessage: threadId !== null };
      return ask(reference, request, async (conversations, options) => {
        const posted = await conversations.sendToConversation(conversationId, activity, options);
        return { conversationId, activityId: posted.id };
      });
    },

    newThread(reference, activity) {
      const { conversationId: id, tenantId } = reference;
      const parameters = {
        isGroup: true,
        channelData: { channel: { id } },
        activity,
        ...(tenantId === '' ? {} : { tenantId }),
      };
      return ask(reference, posting, async (conversations, options) => {
        const posted = await conversations.createConversation(
          parameters as Parameters<typeof conversations.createConversation>[0],
          options,
        );
        const threadId = threadOf(posted.id) ?? posted.activityId;
        return { conversationId: inThread(id, threadId), activityId: posted.activityId || threadId };
      });
    },

    async edit({ conversationId, activityId }, reference, activity) {
      await ask(reference, editing, (conversations, options) =>
        conversations.updateActivity(conversationId, activityId, activity, options),
      );
    },

    member(reference, userId) {
      const id = reference.teamId ?? reference.conversationId;
      return ask(reference, { ...reading, urgency: 'answer' }, (conversations, options) =>
        conversations.getConversationMember(id, userId, options),
      );
    },

    async members(reference) {
      const id = reference.teamId ?? reference.conversationId;
      const found: TeamsMember[] = [];
      let continuationToken: string | undefined;
      for (let page = 0; page < maxPages; page += 1) {
        const more = continuationToken === undefined ? {} : { continuationToken };
        const answer = await ask(reference, reading, (conversations, options) =>
          conversations.getConversationPagedMembers(id, { ...options, pageSize, ...more } as PageOptions),
        );
        found.push(...(answer.members ?? []));
        continuationToken = answer.continuationToken || undefined;
        if (continuationToken === undefined) break;
      }
      return found;
    },
  };
};
