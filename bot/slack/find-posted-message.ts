import type { Logger } from '../../runtime/logger.ts';
import type { PostKey } from '../platform/platform.ts';
import type { SlackClient } from './clients.ts';
import type { MessageLocation } from './conversation.ts';
import { readSlackError } from './slack-error.ts';

const eventType = 'quarterdeck_run';
const pages = 3;
const pageSize = 200;

/** Put on every message of a run, so that it is found again when Slack's answer was lost. */
export const toMetadata = ({ workflowId, part }: PostKey) => ({
  event_type: eventType,
  event_payload: { run_id: workflowId, part },
});

interface HistoryMessage {
  readonly ts?: string;
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: Record<string, unknown> };
  readonly files?: readonly { readonly name?: string }[];
}

type Page = {
  messages?: readonly HistoryMessage[];
  has_more?: boolean;
  response_metadata?: { next_cursor?: string };
};

const carries = (message: HistoryMessage, { workflowId, part }: PostKey): boolean =>
  message.metadata?.event_type === eventType &&
  message.metadata.event_payload?.run_id === workflowId &&
  message.metadata.event_payload.part === part;

/** Refusals that looking again will not change. */
const historyUnavailable = new Set([
  'missing_scope',
  'not_in_channel',
  'channel_not_found',
  'method_not_supported_for_channel_type',
]);

export interface HistoryLookup {
  /** The message of this key in a channel, or null. Throws what Slack throws when it does not answer. */
  findCard(channel: string, key: PostKey): Promise<MessageLocation | null>;
  /** Whether the thread has this part, as a message or as a file of this name. */
  isInThread(thread: MessageLocation, key: PostKey, fileName: string | null): Promise<boolean>;
}

export const createHistoryLookup = (client: SlackClient, logger: Logger): HistoryLookup => {
  const search = async (
    key: PostKey,
    fetchPage: (cursor: string | undefined) => Promise<Page>,
    matches: (message: HistoryMessage) => boolean,
  ): Promise<HistoryMessage | null> => {
    try {
      let cursor: string | undefined;
      for (let page = 0; page < pages; page += 1) {
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
      // Two messages are a nuisance, none is a loss.
      logger.warn(
        { workflowId: key.workflowId, part: key.part, error: failure.code },
        'cannot look whether a message was posted, so it is posted again',
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
        (cursor) => client.conversations.history({ channel, ...page(cursor) }) as Promise<Page>,
        (message) => carries(message, key),
      );
      return found?.ts === undefined ? null : { channel, ts: found.ts };
    },
    async isInThread({ channel, ts }, key, fileName) {
      const found = await search(
        key,
        (cursor) => client.conversations.replies({ channel, ts, ...page(cursor) }) as Promise<Page>,
        (message) =>
          carries(message, key) ||
          (message.files ?? []).some(({ name }) => fileName !== null && name === fileName),
      );
      return found !== null;
    },
  };
};
