import type { App } from '@slack/bolt';
import type { Logger } from '../../../runtime/logger.ts';
import { infoCard } from '../../cards/notice-cards.ts';
import { type RequestHandler, within } from '../../commands/handling/handle-request.ts';
import type { Reply } from '../../platform/platform.ts';
import { createEventDedupe } from '../../platform/shared/incoming-request.ts';
import type { SlackClients } from '../clients.ts';
import { toConversation } from '../conversation.ts';
import type { PublishHome } from '../home-page.ts';
import { type Respond, toReplyMessage } from '../respond.ts';

/** What the listeners of commands, buttons and dialogs need. */
export interface ListenerDeps {
  readonly replyTo: RequestHandler<string>;
  readonly respond: Respond;
  readonly clients: SlackClients;
  readonly publishHome: PublishHome;
  readonly logger: Logger;
  /** Milliseconds until the acknowledgement; Slack shows an error after 3,000. */
  readonly ackTimeoutMs: number;
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** Slack sends these three characters as entities: https://docs.slack.dev/messaging/formatting-message-text */
const decodeEntities = (text: string): string =>
  text.replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity] ?? entity);

/** `/deploy-status` is `status`: Slack reserves `/status`. */
const toCommandName = (command: string): string => command.replace(/^\//, '').replace(/^deploy-(?=.)/, '');

const stillWorking: Reply = {
  card: infoCard('Still working', 'The reply will be posted here.', 'progress'),
  outcome: 'unconfirmed',
  visibility: 'ephemeral',
};

/** Slash commands. One listener for all: Bolt runs the matcher of every listener on each request. */
export const registerCommands = (app: App, deps: ListenerDeps): void => {
  const { replyTo, respond, ackTimeoutMs } = deps;
  app.command(/.*/, async ({ body, ack }) => {
    const target = {
      user: body.user_id,
      channel: body.channel_id,
      responseUrl: body.response_url,
      threadTs: null,
    };
    const work = replyTo({
      idempotencyKey: `slack-${body.trigger_id}`,
      command: toCommandName(body.command),
      args: decodeEntities(body.text ?? ''),
      who: body.user_id,
      conversation: toConversation(body.channel_id),
      deliverDeferredReply: (late) => respond(target, late),
    });
    const reply = await within(work, ackTimeoutMs);
    await ack(toReplyMessage(reply ?? stillWorking));
    if (reply === null) await respond(target, await work);
  });
};

/** The typed text without the mention of the bot and without Slack's brackets around addresses. */
const toPlainText = (text: string): string =>
  decodeEntities(
    text
      .replace(/<@[A-Z0-9]+(?:\|[^>]*)?>/g, ' ')
      .replace(
        /<(?:mailto:)?([^>|]+)(?:\|([^>]*))?>/g,
        (_match, address: string, label?: string) => label ?? address,
      ),
  )
    .replace(/\s+/g, ' ')
    .trim();

/** Mentions, for threads: slash commands do not work there. */
export const registerMentions = (app: App, deps: ListenerDeps): void => {
  const { replyTo, respond } = deps;
  const isFirstDelivery = createEventDedupe();
  app.event('app_mention', async ({ event, body }) => {
    const { user, channel } = event;
    if (user === undefined || event.bot_id !== undefined || !isFirstDelivery(body.event_id)) return;
    const target = { user, channel, responseUrl: null, threadTs: event.thread_ts ?? null };
    const text = toPlainText(event.text);
    const [command = ''] = text.split(' ');
    const reply = await replyTo({
      idempotencyKey: `slack-${body.event_id}`,
      command: command || 'help',
      args: text.slice(command.length).trim(),
      who: user,
      conversation: toConversation(channel),
      deliverDeferredReply: (late) => respond(target, late),
    });
    await respond(target, reply);
  });
};
