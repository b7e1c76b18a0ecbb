import type { Logger } from '../../runtime/logger.ts';
import type { Reply } from '../platform/platform.ts';
import type { SlackClient } from './clients.ts';
import { renderBlocks } from './render/blocks.ts';
import { readSlackError } from './slack-error.ts';

/** Where somebody who asked can be answered. */
export interface ResponseTarget {
  readonly user: string;
  /** null when they asked from their Home page. */
  readonly channel: string | null;
  readonly responseUrl: string | null;
  readonly threadTs: string | null;
}

/** Answers somebody after Slack's own three seconds; never throws. */
export type Respond = (asker: ResponseTarget, reply: Reply) => Promise<void>;

const timeoutMs = 5000;

/** The answer as Slack takes it from a command or at a response_url. */
export const toReplyMessage = ({ card, visibility }: Reply) => ({
  ...renderBlocks(card),
  response_type: visibility === 'ephemeral' ? ('ephemeral' as const) : ('in_channel' as const),
  replace_original: false,
  unfurl_links: false,
  unfurl_media: false,
});

const respond = async (url: string, reply: Reply): Promise<void> => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(toReplyMessage(reply)),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`answering in Slack: HTTP ${answer.status}`);
};

export const createRespond = (client: SlackClient, logger: Logger): Respond => {
  const inChannel = async (asker: ResponseTarget, channel: string, reply: Reply): Promise<void> => {
    const message = { channel, ...renderBlocks(reply.card), unfurl_links: false, unfurl_media: false };
    const thread = asker.threadTs === null ? {} : { thread_ts: asker.threadTs };
    if (reply.visibility === 'ephemeral')
      await client.chat.postEphemeral({ ...message, ...thread, user: asker.user });
    else await client.chat.postMessage({ ...message, ...thread });
  };
  const directly = async (asker: ResponseTarget, reply: Reply): Promise<void> => {
    await client.chat.postMessage({ channel: asker.user, ...renderBlocks(reply.card) });
  };

  return async (asker, reply) => {
    const { responseUrl, channel } = asker;
    const ways = [
      ...(responseUrl === null ? [] : [() => respond(responseUrl, reply)]),
      ...(channel === null ? [] : [() => inChannel(asker, channel, reply)]),
      () => directly(asker, reply),
    ];
    for (const way of ways) {
      try {
        await way();
        return;
      } catch (error) {
        const why = error instanceof Error && !('code' in error) ? error.message : readSlackError(error);
        logger.warn({ why }, 'one way of answering in Slack failed');
      }
    }
    logger.error({ card: reply.card.title }, 'an answer did not reach Slack');
  };
};
