import type { ContextBlock, HeaderBlock, KnownBlock } from '@slack/types';
import type { Card, Field } from '../../cards/card.ts';
import { toneIcons } from '../../cards/icons.ts';
import { renderSections } from '../../cards/render-sections.ts';
import { truncateEnd, truncateMiddle } from '../../text/plain-text.ts';
import { renderButtons } from './buttons.ts';
import { fallbackText } from './fallback.ts';
import { jsonBytes, limits, maxMessageBytes } from './limits.ts';
import { cardRenderer } from './renderer.ts';
import { link, paragraph, richText, text } from './rich-text.ts';

/** A card as Slack takes it. */
export interface RenderedMessage {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

const maxFields = 15;

const header = ({ tone, title }: Card): HeaderBlock => ({
  type: 'header',
  text: { type: 'plain_text', text: truncateEnd(`${toneIcons[tone]}${title}`, limits.header), emoji: false },
});

/** One line each: two columns break badly on a phone. */
const fields = (all: readonly Field[]): readonly KnownBlock[] => {
  if (all.length === 0) return [];
  const lines = all.slice(0, maxFields).flatMap(({ label, value, url }, index) => {
    const shown = truncateMiddle(value, 200) || '–';
    return [
      text(`${index === 0 ? '' : '\n'}${truncateEnd(label, 60)}: `, { bold: true }),
      url === undefined ? text(shown) : link(url, shown),
    ];
  });
  const more = all.length - maxFields;
  return [richText([paragraph([...lines, ...(more > 0 ? [text(`\n${more} more not shown here.`)] : [])])])];
};

const footer = ({ footer: small }: Card): readonly ContextBlock[] =>
  small === null || small.trim() === ''
    ? []
    : [
        {
          type: 'context',
          elements: [{ type: 'plain_text', text: truncateMiddle(small, 500), emoji: false }],
        },
      ];

/**
 * Draws a card inside all of Slack's limits. What does not fit is cut from the end, the least
 * dangerous first, and the card says how much is not shown.
 */
export const renderBlocks = (card: Card, room = maxMessageBytes): RenderedMessage => {
  const top: readonly KnownBlock[] = [header(card), ...fields(card.fields)];
  const bottom: readonly KnownBlock[] = [...renderButtons(card.buttons), ...footer(card)];
  const left = room - jsonBytes([...top, ...bottom]);
  return {
    text: fallbackText(card),
    blocks: [...top, ...renderSections(cardRenderer, card.sections, left), ...bottom],
  };
};
