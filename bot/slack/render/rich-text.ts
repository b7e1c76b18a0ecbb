import type { RichTextBlock, RichTextElement, RichTextLink, RichTextText } from '@slack/types';
import { limits } from './limits.ts';

type BlockElement = RichTextBlock['elements'][number];

// rich_text says what is text and what is markup by its structure, so data in it needs no escaping.
export const text = (content: string, style?: { bold?: true; italic?: true }): RichTextText =>
  style === undefined ? { type: 'text', text: content } : { type: 'text', text: content, style };

/** A link where the address is one that people may be sent to; else its words alone. */
export const link = (url: string, content: string): RichTextLink | RichTextText =>
  /^https?:\/\/[^\s]+$/i.test(url) && url.length <= limits.url
    ? { type: 'link', url, text: content }
    : text(content);

export const paragraph = (elements: readonly RichTextElement[]): BlockElement => ({
  type: 'rich_text_section',
  elements: [...elements],
});

export const bullets = (lines: readonly string[]): BlockElement => ({
  type: 'rich_text_list',
  style: 'bullet',
  elements: lines.map((line) => ({ type: 'rich_text_section', elements: [text(line)] })),
});

export const fixedWidth = (lines: readonly string[]): BlockElement => ({
  type: 'rich_text_preformatted',
  elements: [text(lines.join('\n'))],
});

export const richText = (elements: readonly BlockElement[]): RichTextBlock => ({
  type: 'rich_text',
  elements: [...elements],
});
