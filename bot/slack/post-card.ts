import type { Logger } from '../../runtime/logger.ts';
import type { Card } from '../cards/card.ts';
import type { Platform, PostKey } from '../platform/platform.ts';
import { sendShrinking } from '../platform/shared/send-shrinking.ts';
import type { SlackClient } from './clients.ts';
import { parseMessageRef, toChannelId, toMessageRef } from './conversation.ts';
import { createHistoryLookup, toMetadata } from './find-posted-message.ts';
import { type RenderedMessage, renderCard, renderPlainCard } from './render/card.ts';
import { maxMessageBytes } from './render/limits.ts';
import { readSlackError, toChatError } from './slack-errors.ts';

/** Slack rejected the blocks: https://docs.slack.dev/reference/methods/chat.postMessage */
const rejectedBlocksCodes = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
]);

const isRejected = (error: unknown): boolean => {
  const failure = readSlackError(error);
  return failure.kind === 'refused' && rejectedBlocksCodes.has(failure.code);
};

export const createCardPosting = (client: SlackClient, logger: Logger): Pick<Platform, 'post' | 'edit'> => {
  const history = createHistoryLookup(client, logger);

  const send = <T>(card: Card, message: (rendered: RenderedMessage) => Promise<T>): Promise<T> =>
    sendShrinking({
      title: card.title,
      renderings: [
        () => renderCard(card),
        () => renderCard(card, maxMessageBytes / 2),
        () => renderPlainCard(card),
      ],
      send: message,
      isRejected,
      logger,
    });

  const findPosted = async (channel: string, key: PostKey) => {
    try {
      return await history.findCard(channel, key);
    } catch (error) {
      // Whether the message exists remains unknown.
      throw toChatError(`finding the card of ${key.workflowId} in slack:${channel}`, error);
    }
  };

  return {
    async post(to, card, key) {
      const channel = toChannelId(to);
      const found = key.deliveryUncertain ? await findPosted(channel, key) : null;
      if (found !== null) return toMessageRef(found);
      try {
        return await send(card, async (rendered) => {
          const answer = await client.chat.postMessage({
            channel,
            ...rendered,
            metadata: toMetadata(key),
            unfurl_links: false,
            unfurl_media: false,
          });
          return toMessageRef({ channel: answer.channel ?? channel, ts: answer.ts ?? '' });
        });
      } catch (error) {
        throw toChatError(`posting to ${to}`, error);
      }
    },

    async edit(ref, card) {
      const { channel, ts } = parseMessageRef(ref);
      try {
        await send(card, (rendered) => client.chat.update({ channel, ts, ...rendered }));
      } catch (error) {
        throw toChatError(`updating the card in slack:${channel}`, error, true);
      }
    },
  };
};
