import type { RichTextBlock } from '@slack/types';
import type { CardRenderer } from '../../cards/card-renderer.ts';
import { jsonBytes } from './limits.ts';
import { bullets, fixedWidth, paragraph, richText, text } from './rich-text.ts';

/** Draws the parts of a card as Slack's rich text. */
export const cardRenderer: CardRenderer<RichTextBlock> = {
  omissionNoticeSize: 600,
  sizeOf: jsonBytes,
  text: (words, strong) => richText([paragraph([text(words, strong ? { bold: true } : undefined)])]),
  list: (title, _, lines, rest) =>
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
