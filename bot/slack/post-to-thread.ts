import type { Logger } from '../../runtime/logger.ts';
import { ChatError } from '../platform/errors.ts';
import type { Platform, PostKey, ThreadPost } from '../platform/platform.ts';
import type { SlackClient } from './clients.ts';
import { type MessageLocation, parseMessageRef } from './conversation.ts';
import { createHistoryLookup, toMetadata } from './find-posted-message.ts';
import { renderFileComment, renderThreadPost } from './render/thread.ts';
import type { ResolveMentions } from './resolve-user.ts';
import { readSlackError, toChatError } from './slack-errors.ts';

type File = NonNullable<ThreadPost['file']>;

const uploadTimeoutMs = 30_000;
const maxTitle = 200;
const maxFileName = 120;

/** Uploads a file without sharing it; returns its ID. https://docs.slack.dev/reference/methods/files.getUploadURLExternal */
const uploadFile = async (client: SlackClient, name: string, content: Buffer): Promise<string> => {
  const operation = `uploading ${name} to Slack`;
  const toRetryable = (error: unknown): ChatError =>
    new ChatError(`${operation}: no answer`, 'retryable', { cause: error });
  const { upload_url: url, file_id: id } = await client.files
    .getUploadURLExternal({ filename: name, length: content.length })
    .catch((error: unknown) => {
      throw readSlackError(error).kind === 'unanswered' ? toRetryable(error) : error;
    });
  if (!url || !id) throw new ChatError(`${operation}: Slack returned no upload address`, 'retryable');
  const answer = await fetch(url, {
    method: 'POST',
    body: new Uint8Array(content),
    headers: { 'content-type': 'application/octet-stream' },
    signal: AbortSignal.timeout(uploadTimeoutMs),
  }).catch((error: unknown) => {
    throw toRetryable(error);
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new ChatError(`${operation}: HTTP ${answer.status}`, 'retryable');
  return id;
};

/** Starts with the part, so that a file whose answer was lost is found by its name. */
const toFileName = (file: File, { part }: PostKey): string =>
  `${part}-${file.name}`.replace(/[^\w.-]+/g, '-').slice(0, maxFileName);

const isUploadForbidden = (error: unknown): boolean => {
  const failure = readSlackError(error);
  return failure.kind === 'refused' && ['missing_scope', 'file_uploads_disabled'].includes(failure.code);
};

export const createThreadPosting = (
  client: SlackClient,
  resolveMentions: ResolveMentions,
  logger: Logger,
): Pick<Platform, 'reply'> => {
  const history = createHistoryLookup(client, logger);

  const postText = async ({ channel, ts }: MessageLocation, post: ThreadPost, key: PostKey) => {
    const rendered = renderThreadPost(post, await resolveMentions(post.mentions ?? []));
    await client.chat.postMessage({
      channel,
      ...rendered,
      ...(post.broadcast ? { thread_ts: ts, reply_broadcast: true as const } : { thread_ts: ts }),
      metadata: toMetadata(key),
      unfurl_links: false,
      unfurl_media: false,
    });
  };

  /** The file becomes visible with the last of three requests: only that one can leave an unknown outcome. */
  const postFile = async ({ channel, ts }: MessageLocation, post: ThreadPost, file: File, name: string) => {
    const users = await resolveMentions(post.mentions ?? []);
    const id = await uploadFile(client, name, file.content);
    await client.files.completeUploadExternal({
      files: [{ id, title: file.title.slice(0, maxTitle) }],
      channel_id: channel,
      thread_ts: ts,
      initial_comment: renderFileComment(post, users),
    });
  };

  const add = async (thread: MessageLocation, post: ThreadPost, key: PostKey) => {
    const { file } = post;
    if (file === undefined || file.content.length === 0) return postText(thread, post, key);
    try {
      await postFile(thread, post, file, toFileName(file, key));
    } catch (error) {
      if (!isUploadForbidden(error)) throw error;
      logger.warn({ workflowId: key.workflowId }, 'Slack rejected a file; posting the text without it');
      await postText(thread, { ...post, text: `${post.text}\n(File upload failed.)` }, key);
    }
  };

  return {
    async reply(ref, post, key) {
      const thread = parseMessageRef(ref);
      try {
        const name = post.file === undefined ? null : toFileName(post.file, key);
        if (key.deliveryUncertain && (await history.isInThread(thread, key, name))) return;
        await add(thread, post, key);
      } catch (error) {
        if (error instanceof ChatError) throw error;
        throw toChatError(`posting to a thread in slack:${thread.channel}`, error);
      }
    },
  };
};
