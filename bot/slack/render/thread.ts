import type { KnownBlock, RichTextElement } from '@slack/types';
import type { ThreadPost } from '../../platform/platform.ts';
import { fitLastLines, pluralize, truncateLines } from '../../text/plain-text.ts';
import type { RenderedMessage } from './card.ts';
import { jsonBytes } from './limits.ts';
import { escapedLines, escapeMrkdwn, fixedWidth, paragraph, richText, text } from './text.ts';

// Well below what chat.postMessage accepts: a thread post is a note, its log has the rest.
const maxText = 2000;
const maxFallbackText = 2500;
const maxLogBytes = 6000;
const maxCommentLines = 20;
const maxCommentLineLength = 100;

const fitLog = (lines: readonly string[]) => fitLastLines(lines, maxLogBytes, jsonBytes);

const toMentions = (users: readonly string[]): string => users.map((user) => `<@${user}> `).join('');

/** Renders a thread post; `users` are the Slack user IDs to mention. */
export const renderThreadPost = (post: ThreadPost, users: readonly string[] = []): RenderedMessage => {
  const mentions = users.flatMap((user): RichTextElement[] => [{ type: 'user', user_id: user }, text(' ')]);
  const blocks: KnownBlock[] = [
    richText([paragraph([...mentions, text(truncateLines(post.text, maxText))])]),
  ];
  const { shown, left } = fitLog(post.lines ?? []);
  if (shown.join('').trim() !== '') {
    if (left > 0)
      blocks.push(
        richText([paragraph([text(`${pluralize(left, 'earlier line')} not shown.`, { italic: true })])]),
      );
    blocks.push(richText([fixedWidth(shown)]));
  }
  return { text: `${toMentions(users)}${escapedLines(post.text, maxFallbackText)}`, blocks };
};

/** Renders the comment of a file: Slack reads it as mrkdwn and accepts no blocks. */
export const renderFileComment = (post: ThreadPost, users: readonly string[] = []): string => {
  const { shown } = fitLog(post.lines ?? []);
  const log = shown
    .slice(-maxCommentLines)
    .map((line) => escapeMrkdwn(line.slice(0, maxCommentLineLength)))
    .join('\n');
  const fence = '```';
  const block = shown.length === 0 ? '' : `\n${fence}\n${log}\n${fence}`;
  return `${toMentions(users)}${escapedLines(post.text, maxText)}${block}`;
};
