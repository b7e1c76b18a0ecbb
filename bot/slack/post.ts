import type { KnownBlock } from '@slack/types';
import type { Logger } from '../../runtime/logger.ts';
import type { Card } from '../cards/card.ts';
import type { Platform, PostKey } from '../platform.ts';
import { toChatError } from './chat-error.ts';
import type { SlackClient } from './clients.ts';
import { channelOf, placeOf, refOf } from './conversation.ts';
import { createFindPosted, metadataOf } from './posted.ts';
import { type Drawn, renderBlocks } from './render/blocks.ts';
import { drawButtons } from './render/buttons.ts';
import { messageRoom } from './render/room.ts';
import { readSlackError } from './slack-error.ts';

const tooMuch = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'msg_too_long']);

/** The words and the buttons alone: what is left when Slack takes nothing better. */
const bare = (card: Card, text: string): Drawn => {
  const words: KnownBlock = { type: 'section', text: { type: 'plain_text', text, emoji: false } };
  return { text, blocks: [words, ...drawButtons(card.buttons)] };
};

export const createPosting = (client: SlackClient, logger: Logger): Pick<Platform, 'post' | 'edit'> => {
  const findPosted = createFindPosted(client, logger);

  /** A card that Slack finds too large or malformed is drawn smaller, and at last without ornament. */
  const drawing = async <T>(card: Card, send: (drawn: Drawn) => Promise<T>): Promise<T> => {
    const drawings = [
      () => renderBlocks(card),
      () => renderBlocks(card, messageRoom / 2),
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
      return await findPosted.card(channel, key);
    } catch (error) {
      // Still not known whether it is there.
      throw toChatError(`looking for the card of ${key.workflowId} in slack:${channel}`, error);
    }
  };

  return {
    async post(to, card, key) {
      const channel = channelOf(to);
      const found = key.maybePosted ? await find(channel, key) : null;
      if (found !== null) return refOf(found);
      const doing = `posting to ${to}`;
      try {
        return await drawing(card, async (drawn) => {
          const answer = await client.chat.postMessage({
            channel,
            ...drawn,
            metadata: metadataOf(key),
            unfurl_links: false,
            unfurl_media: false,
          });
          return refOf({ channel: answer.channel ?? channel, ts: answer.ts ?? '' });
        });
      } catch (error) {
        throw toChatError(doing, error);
      }
    },

    async edit(ref, card) {
      const { channel, ts } = placeOf(ref);
      try {
        await drawing(card, (drawn) => client.chat.update({ channel, ts, ...drawn }));
      } catch (error) {
        throw toChatError(`redrawing the card in slack:${channel}`, error, true);
      }
    },
  };
};
