import type { KnownBlock } from '@slack/types';
import type { Logger } from '../../runtime/logger.ts';
import type { Card } from '../cards/card.ts';
import type { Platform, PostKey } from '../platform/platform.ts';
import { toChatError } from './chat-error.ts';
import type { SlackClient } from './clients.ts';
import { parseMessageRef, toChannelId, toMessageRef } from './conversation.ts';
import { createHistoryLookup, toMetadata } from './find-posted-message.ts';
import { type RenderedMessage, renderBlocks } from './render/blocks.ts';
import { renderButtons } from './render/buttons.ts';
import { maxMessageBytes } from './render/limits.ts';
import { readSlackError } from './slack-error.ts';

const tooMuch = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'msg_too_long']);

/** The words and the buttons alone: what is left when Slack takes nothing better. */
const bare = (card: Card, text: string): RenderedMessage => {
  const words: KnownBlock = { type: 'section', text: { type: 'plain_text', text, emoji: false } };
  return { text, blocks: [words, ...renderButtons(card.buttons)] };
};

export const createCardPosting = (client: SlackClient, logger: Logger): Pick<Platform, 'post' | 'edit'> => {
  const findPosted = createHistoryLookup(client, logger);

  /** A card that Slack finds too large or malformed is drawn smaller, and at last without ornament. */
  const drawing = async <T>(card: Card, send: (drawn: RenderedMessage) => Promise<T>): Promise<T> => {
    const drawings = [
      () => renderBlocks(card),
      () => renderBlocks(card, maxMessageBytes / 2),
      () => bare(card, renderBlocks(card).text),
    ];
    for (const [index, draw] of drawings.entries()) {
      try {
        return await send(draw());
      } catch (error) {
        const failure = readSlackError(error);
        if (failure.kind !== 'refused' || !tooMuch.has(failure.code) || index === drawings.length - 1)
          throw error;
        logger.error({ title: card.title, error: failure.code }, 'Slack refuses a card as it is drawn');
      }
    }
    throw new Error(`drawing “${card.title}”: no drawing left`);
  };

  const find = async (channel: string, key: PostKey) => {
    try {
      return await findPosted.findCard(channel, key);
    } catch (error) {
      // Still not known whether it is there.
      throw toChatError(`looking for the card of ${key.workflowId} in slack:${channel}`, error);
    }
  };

  return {
    async post(to, card, key) {
      const channel = toChannelId(to);
      const found = key.deliveryUncertain ? await find(channel, key) : null;
      if (found !== null) return toMessageRef(found);
      const doing = `posting to ${to}`;
      try {
        return await drawing(card, async (drawn) => {
          const answer = await client.chat.postMessage({
            channel,
            ...drawn,
            metadata: toMetadata(key),
            unfurl_links: false,
            unfurl_media: false,
          });
          return toMessageRef({ channel: answer.channel ?? channel, ts: answer.ts ?? '' });
        });
      } catch (error) {
        throw toChatError(doing, error);
      }
    },

    async edit(ref, card) {
      const { channel, ts } = parseMessageRef(ref);
      try {
        await drawing(card, (drawn) => client.chat.update({ channel, ts, ...drawn }));
      } catch (error) {
        throw toChatError(`redrawing the card in slack:${channel}`, error, true);
      }
    },
  };
};
