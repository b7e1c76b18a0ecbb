import type { Entity } from 'botbuilder';
import { encode } from 'html-entities';
import { fitLastLines } from '../../cards/last-lines.ts';
import { runUrl } from '../../cards/run-buttons.ts';
import type { Platform, ThreadPost } from '../../platform/platform.ts';
import { pluralize, truncateEnd, truncateLines, truncateMiddle } from '../../text/plain-text.ts';
import { getThreadId, parseMessageRef } from '../conversation.ts';
import { jsonBytes } from '../render/limits.ts';
import type { PostingDeps } from './post-card.ts';

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
    ...(hasLines && left > 0 ? [`<br/><i>${pluralize(left, 'earlier line')} not shown here.</i>`] : []),
    ...(hasLines ? [`<pre>${encode(shown.join('\n'))}</pre>`] : []),
  ].join('');
  return { type: 'message', textFormat: 'xml', text, entities };
};

const maxLines = 40;
const maxWidth = 120;

/** A bot cannot add a file to a channel: its beginning is shown, and where the rest is. */
export const withoutFile = (post: ThreadPost, workflowId: string, publicUrl: string | null): ThreadPost => {
  const { file, ...rest } = post;
  if (file === undefined || file.content.length === 0) return rest;
  const all = file.content.toString('utf8').trimEnd().split('\n');
  const shown = all.slice(0, maxLines).map((line) => truncateMiddle(line, maxWidth));
  const isWhole = shown.length === all.length && shown.every((line, index) => line === all[index]);
  const where = publicUrl === null ? 'on the run’s page in the console' : runUrl(publicUrl, workflowId);
  const more = `These are its first ${pluralize(shown.length, 'line')}; all of it is here: ${where}`;
  return { ...rest, text: isWhole ? post.text : `${post.text}\n${more}`, lines: shown };
};

export const createThreadPosting = (
  deps: Omit<PostingDeps, 'logger'>,
  publicUrl: string | null,
): Pick<Platform, 'reply'> => {
  const { connector, references, members } = deps;
  return {
    async reply(ref, post, key) {
      const { conversationId } = parseMessageRef(ref);
      const reference = await references.find(conversationId);
      const people = await members.idsOf(reference, post.mentions ?? []);
      const activity = renderThreadPost(withoutFile(post, key.workflowId, publicUrl), people ?? []);
      await connector.send(reference, activity, {
        threadId: getThreadId(conversationId),
        urgency: 'thread',
      });
    },
  };
};
