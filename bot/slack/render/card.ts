import type { ContextBlock, HeaderBlock, KnownBlock, RichTextBlock } from '@slack/types';
import type { Card, Field } from '../../cards/card.ts';
import { toCardText, toneIcons } from '../../cards/card-text.ts';
import type { CardRenderer } from '../../cards/render-section.ts';
import { renderSections } from '../../cards/render-sections.ts';
import { truncateEnd, truncateMiddle } from '../../text/plain-text.ts';
import { renderButtons } from './buttons.ts';
import { jsonBytes, limits, maxMessageBytes } from './limits.ts';
import { bullets, escapedText, fixedWidth, link, paragraph, richText, text } from './text.ts';

/** A card as chat.postMessage and response_url accept it. */
export interface RenderedMessage {
  /** For notifications and screen readers, which do not read blocks. */
  readonly text: string;
  readonly blocks: KnownBlock[];
}

const maxFields = 15;
const maxFallbackText = 1000;

const cardRenderer: CardRenderer<RichTextBlock> = {
  omissionNoticeSize: 600,
  sizeOf: jsonBytes,
  text: (content, strong) => richText([paragraph([text(content, strong ? { bold: true } : undefined)])]),
  list: (title, _tone, lines, rest) =>
    richText([
      paragraph([text(title, { bold: true }), text('\n')]),
      ...(lines.length > 0 ? [bullets(lines)] : []),
      ...(rest === '' ? [] : [paragraph([text(rest, { italic: true })])]),
    ]),
  log: (title, lines, rest) =>
    richText([
      paragraph([text(title, { bold: true }), ...(rest === '' ? [] : [text(` ${rest}`, { italic: true })])]),
      ...(lines.join('').trim() === '' ? [] : [fixedWidth(lines)]),
    ]),
  stages: (lines) => richText([paragraph([text(lines.join('\n'))])]),
};

const renderHeader = ({ tone, title }: Card): HeaderBlock => ({
  type: 'header',
  text: { type: 'plain_text', text: truncateEnd(`${toneIcons[tone]}${title}`, limits.header), emoji: false },
});

/** One line each: two columns break badly on a phone. */
const renderFields = (fields: readonly Field[]): readonly KnownBlock[] => {
  if (fields.length === 0) return [];
  const lines = fields.slice(0, maxFields).flatMap(({ label, value, url }, index) => {
    const shown = truncateMiddle(value, 200) || '–';
    return [
      text(`${index === 0 ? '' : '\n'}${truncateEnd(label, 60)}: `, { bold: true }),
      url === undefined ? text(shown) : link(url, shown),
    ];
  });
  const omitted = fields.length - maxFields;
  const notice = omitted > 0 ? [text(`\n${omitted} more not shown.`)] : [];
  return [richText([paragraph([...lines, ...notice])])];
};

const renderFooter = ({ footer }: Card): readonly ContextBlock[] =>
  footer === null || footer.trim() === ''
    ? []
    : [
        {
          type: 'context',
          elements: [{ type: 'plain_text', text: truncateMiddle(footer, 500), emoji: false }],
        },
      ];

const toFallbackText = (card: Card): string =>
  escapedText(toCardText(card, maxFallbackText), limits.fallback);

/**
 * Renders a card within all of Slack's limits. Sections that do not fit are shortened or omitted, the
 * least dangerous first, and the card names what it omits.
 */
export const renderCard = (card: Card, maxBytes = maxMessageBytes): RenderedMessage => {
  const top: readonly KnownBlock[] = [renderHeader(card), ...renderFields(card.fields)];
  const bottom: readonly KnownBlock[] = [...renderButtons(card.buttons), ...renderFooter(card)];
  const left = maxBytes - jsonBytes([...top, ...bottom]);
  return {
    text: toFallbackText(card),
    blocks: [...top, ...renderSections(cardRenderer, card.sections, left), ...bottom],
  };
};

/** The summary and the buttons, for when Slack rejects the full card. */
export const renderPlainCard = (card: Card): RenderedMessage => {
  const summary = toFallbackText(card);
  const section: KnownBlock = { type: 'section', text: { type: 'plain_text', text: summary, emoji: false } };
  return { text: summary, blocks: [section, ...renderButtons(card.buttons)] };
};
