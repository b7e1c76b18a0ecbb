import type { Logger } from '../../runtime/logger.ts';
import type { Reply } from '../platform/platform.ts';
import type { SlackClient } from './clients.ts';
import { renderCard } from './render/card.ts';
import { readSlackError } from './slack-errors.ts';

/** Where a reply goes. */
export interface ResponseTarget {
  readonly user: string;
  /** null for a click on the Home page. */
  readonly channel: string | null;
  /** Valid for 30 minutes and five replies: https://docs.slack.dev/interactivity/handling-user-interaction */
  readonly responseUrl: string | null;
  readonly threadTs: string | null;
}

/** Sends a reply after the request was acknowledged; never throws. */
export type Respond = (target: ResponseTarget, reply: Reply) => Promise<void>;

const timeoutMs = 5000;

/** A reply as Slack accepts it for a slash command and at a response_url. */
export const toReplyMessage = ({ card, visibility }: Reply) => ({
  ...renderCard(card),
  response_type: visibility === 'ephemeral' ? ('ephemeral' as const) : ('in_channel' as const),
  replace_original: false,
  unfurl_links: false,
  unfurl_media: false,
});

const postToResponseUrl = async (url: string, reply: Reply): Promise<void> => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(toReplyMessage(reply)),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`posting to a response_url: HTTP ${answer.status}`);
};

/** Tries the response_url, then the channel, then a direct message. */
export const createRespond = (client: SlackClient, logger: Logger): Respond => {
  const postToChannel = async (target: ResponseTarget, channel: string, reply: Reply): Promise<void> => {
    const message = { channel, ...renderCard(reply.card), unfurl_links: false, unfurl_media: false };
    const thread = target.threadTs === null ? {} : { thread_ts: target.threadTs };
    if (reply.visibility === 'ephemeral')
      await client.chat.postEphemeral({ ...message, ...thread, user: target.user });
    else await client.chat.postMessage({ ...message, ...thread });
  };
  const postDirectly = async ({ user }: ResponseTarget, { card }: Reply): Promise<void> => {
    await client.chat.postMessage({ channel: user, ...renderCard(card) });
  };

  return async (target, reply) => {
    const { responseUrl, channel } = target;
    const routes = [
      ...(responseUrl === null ? [] : [() => postToResponseUrl(responseUrl, reply)]),
      ...(channel === null ? [] : [() => postToChannel(target, channel, reply)]),
      () => postDirectly(target, reply),
    ];
    for (const send of routes) {
      try {
        await send();
        return;
      } catch (error) {
        const reason = error instanceof Error && !('code' in error) ? error.message : readSlackError(error);
        logger.warn({ reason }, 'a reply did not reach Slack by one of its routes');
      }
    }
    logger.error({ card: reply.card.title }, 'a reply did not reach Slack');
  };
};
