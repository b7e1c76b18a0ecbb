import { runUrl } from '../../cards/run-buttons.ts';
import type { Platform, ThreadPost } from '../../platform/platform.ts';
import { pluralize, truncateMiddle } from '../../text/plain-text.ts';
import { getThreadId, parseMessageRef } from '../conversation.ts';
import { renderThreadPost } from '../render/thread.ts';
import type { PostingDeps } from './post.ts';

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
