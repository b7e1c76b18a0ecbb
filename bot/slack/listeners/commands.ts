import type { App } from '@slack/bolt';
import type { Logger } from '../../../runtime/logger.ts';
import type { Dispatch } from '../../platform/platform.ts';
import { createEventDedupe } from '../../platform/shared/incoming-request.ts';
import type { SlackClients } from '../clients.ts';
import { toConversation } from '../conversation.ts';
import type { PublishHome } from '../home-page.ts';
import type { ResolveUser } from '../resolve-user.ts';
import { type Respond, toReplyMessage } from '../respond.ts';

/** What the listeners of commands, buttons and dialogs need. */
export interface ListenerDeps {
  readonly dispatch: Dispatch;
  readonly resolveUser: ResolveUser;
  readonly respond: Respond;
  readonly clients: SlackClients;
  readonly publishHome: PublishHome;
  readonly logger: Logger;
  /** Milliseconds until the reply; Slack shows an error after 3,000. */
  readonly replyTimeoutMs: number;
}

const entities: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** Slack sends these three characters as entities: https://docs.slack.dev/messaging/formatting-message-text */
const decodeEntities = (text: string): string =>
  text.replace(/&(?:amp|lt|gt);/g, (entity) => entities[entity] ?? entity);

/** `/deploy-status` is `status`: Slack reserves `/status`. */
const toCommandName = (command: string): string => command.replace(/^\//, '').replace(/^deploy-(?=.)/, '');

/** Slash commands. One listener for all: Bolt runs the matcher of every listener on each request. */
export const registerCommands = (app: App, deps: ListenerDeps): void => {
  const { dispatch, resolveUser, respond, replyTimeoutMs } = deps;
  app.command(/.*/, async ({ body, ack }) => {
    const target = {
      user: body.user_id,
      channel: body.channel_id,
      responseUrl: body.response_url,
      threadTs: null,
    };
    const reply = await dispatch({
      idempotencyKey: `slack-${body.trigger_id}`,
      command: toCommandName(body.command),
      args: decodeEntities(body.text ?? ''),
      resolveActor: () => resolveUser(body.user_id),
      conversation: toConversation(body.channel_id),
      deadline: Date.now() + replyTimeoutMs,
      deliverDeferredReply: (late) => respond(target, late),
    });
    await ack(toReplyMessage(reply));
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
  const { dispatch, resolveUser, respond, replyTimeoutMs } = deps;
  const isFirstDelivery = createEventDedupe();
  app.event('app_mention', async ({ event, body }) => {
    const { user, channel } = event;
    if (user === undefined || event.bot_id !== undefined || !isFirstDelivery(body.event_id)) return;
    const target = { user, channel, responseUrl: null, threadTs: event.thread_ts ?? null };
    const text = toPlainText(event.text);
    const [command = ''] = text.split(' ');
    const reply = await dispatch({
      idempotencyKey: `slack-${body.event_id}`,
      command: command || 'help',
      args: text.slice(command.length).trim(),
      resolveActor: () => resolveUser(user),
      conversation: toConversation(channel),
      deadline: Date.now() + replyTimeoutMs,
      deliverDeferredReply: (late) => respond(target, late),
    });
    await respond(target, reply);
  });
};
