import type { Activity } from 'botbuilder';
import type { ConnectorClient } from 'botframework-connector';
import type { TeamsConfig } from '../config.ts';
import { getThreadId, type MessageLocation, toThreadConversationId } from '../conversation.ts';
import type { ConversationReference } from '../conversation-references.ts';
import type { TeamsMember } from '../resolve-user.ts';
import { type Auth, type ConnectorRequest, createSendRequest } from './connector-request.ts';
import type { Priority, RateLimiter } from './rate-limiter.ts';

/** What is posted: a message as Teams takes it. */
export type OutgoingActivity = Partial<Activity>;

interface SendOptions {
  /** The first message of the channel's thread to add to. */
  readonly threadId?: string | null;
  readonly urgency?: Priority;
}

/** The Bot Connector of Teams, at its pace. Each call is one request, or none; it throws `ChatError`. */
export interface Connector {
  send(
    reference: ConversationReference,
    activity: OutgoingActivity,
    options?: SendOptions,
  ): Promise<MessageLocation>;
  /** A channel's new thread, with this as its first message. */
  newThread(reference: ConversationReference, activity: OutgoingActivity): Promise<MessageLocation>;
  edit(place: MessageLocation, reference: ConversationReference, activity: OutgoingActivity): Promise<void>;
  member(reference: ConversationReference, userId: string): Promise<TeamsMember>;
  members(reference: ConversationReference): Promise<readonly TeamsMember[]>;
}

const posting: ConnectorRequest = {
  operation: 'posting to',
  traffic: 'write',
  urgency: 'card',
  repeatable: false,
  toMessage: false,
};
const editing: ConnectorRequest = {
  ...posting,
  operation: 'redrawing a card in',
  repeatable: true,
  toMessage: true,
};
const reading: ConnectorRequest = {
  ...posting,
  operation: 'asking for the members of',
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
  pace: RateLimiter,
  timeoutMs = 12_000,
): Connector => {
  const ask = createSendRequest(auth, config, pace, timeoutMs);

  return {
    send(reference, activity, { threadId = null, urgency = 'answer' } = {}) {
      const { conversationId: id } = reference;
      const conversationId = threadId === null ? id : toThreadConversationId(id, threadId);
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
        const threadId = getThreadId(posted.id) ?? posted.activityId;
        return {
          conversationId: toThreadConversationId(id, threadId),
          activityId: posted.activityId || threadId,
        };
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
