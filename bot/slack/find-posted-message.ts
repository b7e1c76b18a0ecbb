import type { Logger } from '../../runtime/logger.ts';
import type { PostKey } from '../platform/platform.ts';
import type { SlackClient } from './clients.ts';
import type { MessageLocation } from './conversation.ts';
import { readSlackError } from './slack-errors.ts';

const eventType = 'quarterdeck_run';
const maxPages = 3;
const pageSize = 200;

/** Put on every message, to find it again when Slack's answer was lost: https://docs.slack.dev/messaging/message-metadata */
export const toMetadata = ({ workflowId, part }: PostKey) => ({
  event_type: eventType,
  event_payload: { run_id: workflowId, part },
});

interface HistoryMessage {
  readonly ts?: string;
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: Record<string, unknown> };
  readonly files?: readonly { readonly name?: string }[];
}

interface HistoryPage {
  readonly messages?: readonly HistoryMessage[];
  readonly has_more?: boolean;
  readonly response_metadata?: { readonly next_cursor?: string };
}

const hasKey = (message: HistoryMessage, { workflowId, part }: PostKey): boolean =>
  message.metadata?.event_type === eventType &&
  message.metadata.event_payload?.run_id === workflowId &&
  message.metadata.event_payload.part === part;

/** The history is closed to the bot: a second look-up would fail as well. */
const historyUnavailable = new Set([
  'missing_scope',
  'not_in_channel',
  'channel_not_found',
  'method_not_supported_for_channel_type',
]);

/** Finds messages that were posted without an answer. Throws Slack's error when Slack does not answer. */
export interface HistoryLookup {
  /** null when the channel has no message with this key. */
  findCard(channel: string, key: PostKey): Promise<MessageLocation | null>;
  /** Whether the thread has this part, as a message or as a file with this name. */
  isInThread(thread: MessageLocation, key: PostKey, fileName: string | null): Promise<boolean>;
}

export const createHistoryLookup = (client: SlackClient, logger: Logger): HistoryLookup => {
  const search = async (
    key: PostKey,
    fetchPage: (cursor: string | undefined) => Promise<HistoryPage>,
    matches: (message: HistoryMessage) => boolean,
  ): Promise<HistoryMessage | null> => {
    try {
      let cursor: string | undefined;
      for (let page = 0; page < maxPages; page += 1) {
        const { messages = [], has_more, response_metadata } = await fetchPage(cursor);
        const found = messages.find(matches);
        if (found !== undefined) return found;
        cursor = response_metadata?.next_cursor || undefined;
        if (!has_more || cursor === undefined) return null;
      }
      return null;
    } catch (error) {
      const failure = readSlackError(error);
      if (failure.kind !== 'refused' || !historyUnavailable.has(failure.code)) throw error;
      // A duplicate message is better than a lost one.
      logger.warn(
        { workflowId: key.workflowId, part: key.part, error: failure.code },
        'cannot read the history to find a message; posting it again',
      );
      return null;
    }
  };

  const page = (cursor: string | undefined) => ({
    include_all_metadata: true,
    limit: pageSize,
    ...(cursor === undefined ? {} : { cursor }),
  });

  return {
    async findCard(channel, key) {
      const found = await search(
        key,
        (cursor) => client.conversations.history({ channel, ...page(cursor) }) as Promise<HistoryPage>,
        (message) => hasKey(message, key),
      );
      return found?.ts === undefined ? null : { channel, ts: found.ts };
    },
    async isInThread({ channel, ts }, key, fileName) {
      const found = await search(
        key,
        (cursor) => client.conversations.replies({ channel, ts, ...page(cursor) }) as Promise<HistoryPage>,
        (message) =>
          hasKey(message, key) ||
          (message.files ?? []).some(({ name }) => fileName !== null && name === fileName),
      );
      return found !== null;
    },
  };
};
