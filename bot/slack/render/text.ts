import type { RichTextBlock, RichTextElement, RichTextLink, RichTextText } from '@slack/types';
import { truncateEnd, truncateLines } from '../../text/plain-text.ts';
import { limits } from './limits.ts';

type RichTextPart = RichTextBlock['elements'][number];

// In rich_text, structure decides what is markup: text from data needs no escaping there.
// https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
export const text = (content: string, style?: { bold?: true; italic?: true }): RichTextText =>
  style === undefined ? { type: 'text', text: content } : { type: 'text', text: content, style };

/** A link to an http or https address; any other address becomes plain text. */
export const link = (url: string, content: string): RichTextLink | RichTextText =>
  /^https?:\/\/[^\s]+$/i.test(url) && url.length <= limits.url
    ? { type: 'link', url, text: content }
    : text(content);

export const paragraph = (elements: readonly RichTextElement[]): RichTextPart => ({
  type: 'rich_text_section',
  elements: [...elements],
});

export const bullets = (lines: readonly string[]): RichTextPart => ({
  type: 'rich_text_list',
  style: 'bullet',
  elements: lines.map((line) => ({ type: 'rich_text_section', elements: [text(line)] })),
});

export const fixedWidth = (lines: readonly string[]): RichTextPart => ({
  type: 'rich_text_preformatted',
  elements: [text(lines.join('\n'))],
});

export const richText = (elements: readonly RichTextPart[]): RichTextBlock => ({
  type: 'rich_text',
  elements: [...elements],
});

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Escapes text for the fields that Slack reads as mrkdwn: data produces neither markup nor mentions.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export const escapeMrkdwn = (content: string): string =>
  content
    .replace(/[&<>]/g, (sign) => entities[sign] ?? sign)
    .replace(/@(?=channel|here|everyone)/gi, '@\u200b')
    .replace(/[*_~`]/g, (sign) => `${sign}\u200b`);

/** Escaping makes one character up to five. */
const escapedLength = 5;

const escapeWithin = (content: string, limit: number, truncate: (part: string, most: number) => string) => {
  const escaped = escapeMrkdwn(truncate(content, limit));
  return escaped.length <= limit
    ? escaped
    : escapeMrkdwn(truncate(content, Math.floor(limit / escapedLength)));
};

/** One paragraph of at most `limit` characters after escaping. */
export const escapedText = (content: string, limit: number): string =>
  escapeWithin(content, limit, truncateEnd);

/** Several lines of at most `limit` characters after escaping. */
export const escapedLines = (content: string, limit: number): string =>
  escapeWithin(content, limit, truncateLines);
