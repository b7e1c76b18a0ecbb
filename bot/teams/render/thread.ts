import type { Entity } from 'botbuilder';
import { encode } from 'html-entities';
import type { ThreadPost } from '../../platform/platform.ts';
import { fitLastLines, pluralize, truncateEnd, truncateLines } from '../../text/plain-text.ts';
import { jsonBytes } from './limits.ts';

/** A message of words, as the Bot Connector takes it. */
export interface TextMessage {
  type: 'message';
  textFormat: 'xml';
  text: string;
  entities: Entity[];
}

const maxText = 2000;
const linesRoom = 12_000;

/** Cut so that what the escaping adds still fits. */
const words = (text: string): string => {
  const escaped = encode(truncateLines(text, maxText));
  const short =
    escaped.length <= 2 * maxText ? escaped : encode(truncateLines(text, Math.floor(maxText / 3)));
  return short.replaceAll('\n', '<br/>');
};

// Teams refuses a mention whose text differs from what stands in the message once that is read as
// XML, so a name has no signs that would have to be escaped.
const mentionOf = ({ id, name }: { readonly id: string; readonly name: string }) => {
  const plainName = truncateEnd(name.replace(/[<>&"']/g, ' '), 80).trim();
  return { type: 'mention', text: `<at>${plainName}</at>`, mentioned: { id, name: plainName } };
};

/**
 * A contribution to a thread. It is XML, in which nothing but tags is markup: all that is said is
 * escaped, and only `people` are mentioned.
 */
export const renderThreadPost = (
  post: ThreadPost,
  people: readonly { readonly id: string; readonly name: string }[] = [],
): TextMessage => {
  const entities = people.map(mentionOf);
  const { shown, left } = fitLastLines(post.lines ?? [], linesRoom, (line) => jsonBytes(encode(line)));
  const hasLines = shown.join('').trim() !== '';
  const text = [
    ...entities.map((mention) => `${mention.text} `),
    words(post.text),
    ...(hasLines && left > 0 ? [`<br/><i>${pluralize(left, 'earlier line')} omitted.</i>`] : []),
    ...(hasLines ? [`<pre>${encode(shown.join('\n'))}</pre>`] : []),
  ].join('');
  return { type: 'message', textFormat: 'xml', text, entities };
};
