import type { Logger } from '../../runtime/logger.ts';
import { ChatError } from '../platform/errors.ts';
import type { Platform, PostKey, ThreadPost } from '../platform/platform.ts';
import { toChatError } from './chat-error.ts';
import type { SlackClient } from './clients.ts';
import { type MessageLocation, parseMessageRef } from './conversation.ts';
import { createHistoryLookup, toMetadata } from './find-posted-message.ts';
import { renderFileComment, renderThreadPost } from './render/thread.ts';
import type { ResolveMentions } from './resolve-mentions.ts';
import { readSlackError } from './slack-error.ts';
import { uploadBytes } from './upload.ts';

type File = NonNullable<ThreadPost['file']>;

/** The part is in the name, so that a file whose answer was lost is found by it. */
const fileNameOf = (file: File, { part }: PostKey): string =>
  `${part}-${file.name}`.replace(/[^\w.-]+/g, '-').slice(0, 120);

export const createThreadPosting = (
  client: SlackClient,
  findMentions: ResolveMentions,
  logger: Logger,
): Pick<Platform, 'reply'> => {
  const findPosted = createHistoryLookup(client, logger);

  const postText = async ({ channel, ts }: MessageLocation, post: ThreadPost, key: PostKey) => {
    const drawn = renderThreadPost(post, await findMentions(post.mentions ?? []));
    await client.chat.postMessage({
      channel,
      ...drawn,
      ...(post.broadcast ? { thread_ts: ts, reply_broadcast: true as const } : { thread_ts: ts }),
      metadata: toMetadata(key),
      unfurl_links: false,
      unfurl_media: false,
    });
  };

  /** Nothing is seen before the last of the three steps, so only that one can leave a doubt. */
  const postFile = async ({ channel, ts }: MessageLocation, post: ThreadPost, file: File, name: string) => {
    const users = await findMentions(post.mentions ?? []);
    const id = await uploadBytes(client, name, file.content);
    await client.files.completeUploadExternal({
      files: [{ id, title: file.title.slice(0, 200) }],
      channel_id: channel,
      thread_ts: ts,
      initial_comment: renderFileComment(post, users),
    });
  };

  const isBarred = (error: unknown): boolean => {
    const failure = readSlackError(error);
    return failure.kind === 'refused' && ['missing_scope', 'file_uploads_disabled'].includes(failure.code);
  };

  const add = async (thread: MessageLocation, post: ThreadPost, key: PostKey) => {
    const { file } = post;
    if (file === undefined || file.content.length === 0) return postText(thread, post, key);
    try {
      await postFile(thread, post, file, fileNameOf(file, key));
    } catch (error) {
      if (!isBarred(error)) throw error;
      logger.warn({ workflowId: key.workflowId }, 'Slack takes no file; the words go without it');
      await postText(thread, { ...post, text: `${post.text}\n(The file could not be added here.)` }, key);
    }
  };

  return {
    async reply(ref, post, key) {
      const thread = parseMessageRef(ref);
      const doing = `adding to the thread in slack:${thread.channel}`;
      try {
        const name = post.file === undefined ? null : fileNameOf(post.file, key);
        if (key.deliveryUncertain && (await findPosted.isInThread(thread, key, name))) return;
        await add(thread, post, key);
      } catch (error) {
        throw error instanceof ChatError ? error : toChatError(doing, error);
      }
    },
  };
};
