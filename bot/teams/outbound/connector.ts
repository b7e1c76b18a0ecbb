import type { Activity } from 'botbuilder';
import type { ConnectorClient } from 'botframework-connector';
import type { TeamsConfig } from '../config.ts';
import { getThreadId, type MessageLocation, toThreadConversationId } from '../conversation.ts';
import type { ConversationReference } from '../conversation-references.ts';
import type { TeamsMember } from '../resolve-user.ts';
import { type ConnectorAuth, type ConnectorRequest, createSendRequest } from './connector-request.ts';
import type { Priority, RateLimiter } from './rate-limiter.ts';

/** A message as the Bot Connector accepts it. */
export type OutgoingActivity = Partial<Activity>;

interface SendOptions {
  /** The first message of the channel's thread; null outside of one. */
  readonly threadId?: string | null;
  readonly priority?: Priority;
}

/**
 * The Bot Connector, within the rate limits of Teams. Each call is one request at most, except `members`;
 * all throw `ChatError`.
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
 */
export interface Connector {
  send(
    reference: ConversationReference,
    activity: OutgoingActivity,
    options?: SendOptions,
  ): Promise<MessageLocation>;
  /** Starts a thread in a channel. */
  newThread(reference: ConversationReference, activity: OutgoingActivity): Promise<MessageLocation>;
  edit(message: MessageLocation, reference: ConversationReference, activity: OutgoingActivity): Promise<void>;
  member(reference: ConversationReference, userId: string): Promise<TeamsMember>;
  members(reference: ConversationReference): Promise<readonly TeamsMember[]>;
}

const posting: ConnectorRequest = {
  operation: 'posting to',
  traffic: 'write',
  priority: 'card',
  repeatable: false,
  toMessage: false,
};
const editing: ConnectorRequest = {
  ...posting,
  operation: 'updating a card in',
  repeatable: true,
  toMessage: true,
};
const reading: ConnectorRequest = {
  ...posting,
  operation: 'reading the members of',
  traffic: 'read',
  repeatable: true,
};

/** The SDK's type requires a token for the first page, which has none. */
type PageOptions = Parameters<ConnectorClient['conversations']['getConversationPagedMembers']>[1];

const pageSize = 500;
const maxPages = 20;

export const createConnector = (
  auth: ConnectorAuth,
  config: Pick<TeamsConfig, 'appId' | 'serviceHosts'>,
  rateLimiter: RateLimiter,
  timeoutMs = 12_000,
): Connector => {
  const request = createSendRequest(auth, config, rateLimiter, timeoutMs);

  return {
    send(reference, activity, { threadId = null, priority = 'answer' } = {}) {
      const { conversationId: id } = reference;
      const conversationId = threadId === null ? id : toThreadConversationId(id, threadId);
      const post = { ...posting, priority, toMessage: threadId !== null };
      return request(reference, post, async (conversations, options) => {
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
      return request(reference, posting, async (conversations, options) => {
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
      await request(reference, editing, (conversations, options) =>
        conversations.updateActivity(conversationId, activityId, activity, options),
      );
    },

    member(reference, userId) {
      const id = reference.teamId ?? reference.conversationId;
      return request(reference, { ...reading, priority: 'answer' }, (conversations, options) =>
        conversations.getConversationMember(id, userId, options),
      );
    },

    async members(reference) {
      const id = reference.teamId ?? reference.conversationId;
      const found: TeamsMember[] = [];
      let continuationToken: string | undefined;
      for (let page = 0; page < maxPages; page += 1) {
        const more = continuationToken === undefined ? {} : { continuationToken };
        const answer = await request(reference, reading, (conversations, options) =>
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
