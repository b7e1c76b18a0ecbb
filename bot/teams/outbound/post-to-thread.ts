import type { Entity } from 'botbuilder';
import { encode } from 'html-entities';
import { runUrl } from '../../cards/run-buttons.ts';
import type { Platform, ThreadPost } from '../../platform/platform.ts';
import {
  fitLastLines,
  pluralize,
  truncateEnd,
  truncateLines,
  truncateMiddle,
} from '../../text/plain-text.ts';
import { getThreadId, parseMessageRef } from '../conversation.ts';
import { jsonBytes } from '../render/limits.ts';
import type { PostingDeps } from './post-card.ts';

const maxFileLines = 40;
const maxFileLineLength = 120;

/** Replaces a file by its first lines and a link: a bot cannot add a file to a channel. */
export const withoutFile = (post: ThreadPost, workflowId: string, publicUrl: string | null): ThreadPost => {
  const { file, ...rest } = post;
  if (file === undefined || file.content.length === 0) return rest;
  const all = file.content.toString('utf8').trimEnd().split('\n');
  const shown = all.slice(0, maxFileLines).map((line) => truncateMiddle(line, maxFileLineLength));
  const isComplete = shown.length === all.length && shown.every((line, index) => line === all[index]);
  const where = publicUrl === null ? "on the run's page in the console" : runUrl(publicUrl, workflowId);
  const notice = `First ${pluralize(shown.length, 'line')} only; full text: ${where}`;
  return { ...rest, text: isComplete ? post.text : `${post.text}\n${notice}`, lines: shown };
};

/** A text message as the Bot Connector accepts it. */
export interface TextMessage {
  type: 'message';
  textFormat: 'xml';
  text: string;
  entities: Entity[];
}

const maxText = 2000;
const maxEscapedText = 2 * maxText;
const maxLogBytes = 12_000;
const maxName = 80;

const escapeText = (text: string): string => {
  const escaped = encode(truncateLines(text, maxText));
  const short =
    escaped.length <= maxEscapedText ? escaped : encode(truncateLines(text, Math.floor(maxText / 3)));
  return short.replaceAll('\n', '<br/>');
};

/**
 * Teams rejects a mention whose text differs from the message's once both are read as XML, so the name
 * has no characters that need escaping.
 */
const toMention = ({ id, name }: { readonly id: string; readonly name: string }) => {
  const plainName = truncateEnd(name.replace(/[<>&"']/g, ' '), maxName).trim();
  return { type: 'mention', text: `<at>${plainName}</at>`, mentioned: { id, name: plainName } };
};

/**
 * Renders a thread post as XML, where only tags are markup: all text is escaped, and only `people` are
 * mentioned. https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages
 */
export const renderThreadPost = (
  post: ThreadPost,
  people: readonly { readonly id: string; readonly name: string }[] = [],
): TextMessage => {
  const entities = people.map(toMention);
  const { shown, left } = fitLastLines(post.lines ?? [], maxLogBytes, (line) => jsonBytes(encode(line)));
  const hasLines = shown.join('').trim() !== '';
  const text = [
    ...entities.map((mention) => `${mention.text} `),
    escapeText(post.text),
    ...(hasLines && left > 0 ? [`<br/><i>${pluralize(left, 'earlier line')} not shown.</i>`] : []),
    ...(hasLines ? [`<pre>${encode(shown.join('\n'))}</pre>`] : []),
  ].join('');
  return { type: 'message', textFormat: 'xml', text, entities };
};

export const createThreadPosting = (
  deps: Omit<PostingDeps, 'logger'>,
  publicUrl: string | null,
): Pick<Platform, 'reply'> => {
  const { connector, references, findMembers } = deps;
  return {
    async reply(ref, post, key) {
      const { conversationId } = parseMessageRef(ref);
      const reference = await references.find(conversationId);
      const people = await findMembers(reference, post.mentions ?? []);
      const activity = renderThreadPost(withoutFile(post, key.workflowId, publicUrl), people ?? []);
      await connector.send(reference, activity, {
        threadId: getThreadId(conversationId),
        priority: 'thread',
      });
    },
  };
};
