import type { KnownBlock, RichTextElement } from '@slack/types';
import { fitLastLines } from '../../cards/last-lines.ts';
import type { ThreadPost } from '../../platform/platform.ts';
import { pluralize, truncateLines } from '../../text/plain-text.ts';
import type { RenderedMessage } from './blocks.ts';
import { escapedLines, escapeMrkdwn } from './fallback.ts';
import { jsonBytes } from './limits.ts';
import { fixedWidth, paragraph, richText, text } from './rich-text.ts';

const maxText = 2000;
const linesRoom = 6000;

const tail = (lines: readonly string[]) => fitLastLines(lines, linesRoom, jsonBytes);

/** A contribution to a thread; `users` are the ids of those who are to be pinged. */
export const renderThreadPost = (post: ThreadPost, users: readonly string[] = []): RenderedMessage => {
  const mentions = users.flatMap((user): RichTextElement[] => [{ type: 'user', user_id: user }, text(' ')]);
  const blocks: KnownBlock[] = [
    richText([paragraph([...mentions, text(truncateLines(post.text, maxText))])]),
  ];
  const { shown, left } = tail(post.lines ?? []);
  if (shown.join('').trim() !== '') {
    if (left > 0)
      blocks.push(
        richText([paragraph([text(`${pluralize(left, 'earlier line')} not shown here.`, { italic: true })])]),
      );
    blocks.push(richText([fixedWidth(shown)]));
  }
  const pings = users.map((user) => `<@${user}> `).join('');
  return { text: `${pings}${escapedLines(post.text, 2500)}`, blocks };
};

/** The words that come with a file: Slack reads them as mrkdwn. */
export const renderFileComment = (post: ThreadPost, users: readonly string[] = []): string => {
  const pings = users.map((user) => `<@${user}> `).join('');
  const { shown } = tail(post.lines ?? []);
  const lines =
    shown.length === 0
      ? ''
      : `\n\`\`\`\n${shown
          .slice(-20)
          .map((line) => escapeMrkdwn(line.slice(0, 100)))
          .join('\n')}\n\`\`\``;
  return `${pings}${escapedLines(post.text, 2000)}${lines}`;
};
