import type { Activity } from 'botbuilder';
import { decode } from 'html-entities';
import { toErrorReply } from '../../platform/error-reply.ts';
import type { Reply } from '../../platform/platform.ts';
import { createEventDedupe } from '../../platform/shared/incoming-request.ts';
import { missingReason, type ParsedCommand, parseActionData, unknownAction } from '../render/action-data.ts';
import { type ListenerDeps, toCommandRequest, toIdempotencyKey } from './invocation.ts';

/** The fields of a message activity that Quarterdeck reads; Teams omits empty ones. */
export interface IncomingMessage {
  readonly text?: string | undefined;
  readonly recipient?: { readonly id?: string } | undefined;
  readonly entities?: readonly unknown[] | undefined;
}

interface Mention {
  readonly type: 'mention';
  readonly text: string;
  readonly mentioned: { readonly id: string };
}

const isMention = (entity: unknown): entity is Mention => {
  const { type, text, mentioned } = (entity ?? {}) as Record<string, unknown>;
  const id = (mentioned as { id?: unknown } | undefined)?.id;
  return type === 'mention' && typeof text === 'string' && text !== '' && typeof id === 'string';
};

/** Teams lists mentions in their order, so a person with the bot's name keeps their mention. */
const withoutBot = (text: string, mentions: readonly Mention[], botIds: ReadonlySet<string>): string => {
  let result = '';
  let rest = text;
  for (const { text: shown, mentioned } of mentions) {
    const at = rest.indexOf(shown);
    if (at < 0) continue;
    result += rest.slice(0, at) + (botIds.has(mentioned.id) ? ' ' : shown);
    rest = rest.slice(at + shown.length);
  }
  return result + rest;
};

const lineEnds = /<br\s*\/?>|<\/(?:p|div|li|blockquote|h[1-6])>/gi;
/** Teams' own tags only: `<service>`, copied from a usage line, is text. */
const tags =
  /<\/?(?:at|p|div|span|br|b|i|u|s|em|strong|strike|code|pre|a|ul|ol|li|blockquote|h[1-6]|img|hr)(?:\s[^<>]*)?\/?>/gi;
const invisible = /[\u200b\u2060\ufeff]/g;
const blanks = /[^\S\n]+/g;

const normalizeSpace = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(invisible, '')
    .replace(blanks, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

const toPlainText = (html: string): string =>
  normalizeSpace(decode(html.replace(lineEnds, '\n').replace(tags, ''), { scope: 'strict' }));

/**
 * The command of a message, without the bot's mention and Teams' HTML: in lowercase, without a slash,
 * and `help` for an empty message.
 */
export const parseMessage = (message: IncomingMessage, appId: string): ParsedCommand => {
  const botIds = new Set([`28:${appId}`, ...(message.recipient?.id ? [message.recipient.id] : [])]);
  const mentions = (Array.isArray(message.entities) ? message.entities : []).filter(isMention);
  const text = toPlainText(withoutBot(message.text ?? '', mentions, botIds)).replace(/^\/\s*/, '');
  const [command = ''] = text.split(/\s/, 1);
  return { command: command.toLowerCase() || 'help', args: text.slice(command.length).trim() };
};

/** Typed messages, and the clicks of clients without Action.Execute. */
export const createOnMessage = (deps: ListenerDeps) => {
  const { appId, dispatch, respond, pending, dedupeClick } = deps;
  const isFirstDelivery = createEventDedupe();

  const run = (turnActivity: Activity, key: string, command: ParsedCommand): Promise<Reply> =>
    dispatch(toCommandRequest(turnActivity, key, command, deps));

  const onClick = async (turnActivity: Activity, key: string, value: object): Promise<Reply> => {
    const { verb, ...data }: { verb?: unknown } = value;
    const action = parseActionData(verb, data);
    switch (action.kind) {
      case 'command':
        return run(turnActivity, dedupeClick(turnActivity, action), action);
      case 'refresh':
        return run(turnActivity, key, { command: 'status', args: action.run });
      case 'missing_reason':
        return toErrorReply(missingReason);
      case 'unknown':
        return toErrorReply(unknownAction);
      default:
        return action satisfies never;
    }
  };

  return async (turnActivity: Activity): Promise<void> => {
    const key = toIdempotencyKey(turnActivity);
    if (!isFirstDelivery(key)) return;
    const value: unknown = turnActivity.value;
    const reply =
      typeof value === 'object' && value !== null
        ? await onClick(turnActivity, key, value)
        : await run(turnActivity, key, parseMessage(turnActivity, appId));
    // The activity is acknowledged now; the reply is a separate message and may wait for the rate limit.
    void pending.add(() => respond(turnActivity, reply));
  };
};
