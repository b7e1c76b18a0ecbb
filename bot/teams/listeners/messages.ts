import type { Activity } from 'botbuilder';
import { decode } from 'html-entities';
import { LRUCache } from 'lru-cache';
import { within } from '../../commands/handling/handle-request.ts';
import { toErrorReply } from '../../platform/error-reply.ts';
import type { Reply } from '../../platform/platform.ts';
import { missingReason, parseActionData, unknownAction } from '../render/action-data.ts';
import { type ListenerDeps, type ParsedCommand, toIdempotencyKey, toInvocation } from './invocation.ts';

/** What we read of a message; Teams leaves out what it does not know. */
export interface IncomingMessage {
  readonly text?: string | undefined;
  readonly recipient?: { readonly id?: string } | undefined;
  readonly entities?: readonly unknown[] | undefined;
}

export interface ParsedMessage {
  /** In lower case, without its slash; `help` when nothing was said. */
  readonly command: string;
  readonly args: string;
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

/** Mentions are listed in the order in which they stand, so somebody of the bot's name keeps theirs. */
const withoutBot = (text: string, mentions: readonly Mention[], bot: ReadonlySet<string>): string => {
  let done = '';
  let rest = text;
  for (const { text: shown, mentioned } of mentions) {
    const at = rest.indexOf(shown);
    if (at < 0) continue;
    done += rest.slice(0, at) + (bot.has(mentioned.id) ? ' ' : shown);
    rest = rest.slice(at + shown.length);
  }
  return done + rest;
};

const lineEnds = /<br\s*\/?>|<\/(?:p|div|li|blockquote|h[1-6])>/gi;
/** Teams' own; `<service>`, copied from a usage line, is what somebody meant to say. */
const tags =
  /<\/?(?:at|p|div|span|br|b|i|u|s|em|strong|strike|code|pre|a|ul|ol|li|blockquote|h[1-6]|img|hr)(?:\s[^<>]*)?\/?>/gi;
const unseen = /[\u200b\u2060\ufeff]/g;
const blanks = /[^\S\n]+/g;

const tidy = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(unseen, '')
    .replace(blanks, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

const plainText = (text: string): string =>
  tidy(decode(text.replace(lineEnds, '\n').replace(tags, ''), { scope: 'strict' }));

/** The words of a message: what was written, without the mention of the bot and without Teams' HTML. */
export const parseMessage = (written: IncomingMessage, appId: string): ParsedMessage => {
  const bot = new Set([`28:${appId}`, ...(written.recipient?.id ? [written.recipient.id] : [])]);
  const mentions = (Array.isArray(written.entities) ? written.entities : []).filter(isMention);
  const text = plainText(withoutBot(written.text ?? '', mentions, bot)).replace(/^\/\s*/, '');
  const [command = ''] = text.split(/\s/, 1);
  return { command: command.toLowerCase() || 'help', args: text.slice(command.length).trim() };
};

const memoryMs = 15 * 60_000;

/** What people write, and what clients without Action.Execute send for a pressed button. */
export const createOnMessage = (deps: ListenerDeps) => {
  const { appId, replyTo, tell, inFlight, clickKey, answerWithinMs } = deps;
  // Teams sends a message again when it was not acknowledged in time.
  const heard = new LRUCache<string, true>({ max: 10_000, ttl: memoryMs });

  const ask = (turnActivity: Activity, key: string, wanted: ParsedCommand): Promise<Reply> =>
    replyTo(toInvocation(turnActivity, key, wanted, tell));

  const answerPress = async (turnActivity: Activity, key: string, value: object): Promise<Reply> => {
    const { verb, ...data }: { verb?: unknown } = value;
    const press = parseActionData(verb, data);
    switch (press.kind) {
      case 'command':
        return ask(turnActivity, clickKey(turnActivity, press), press);
      case 'refresh':
        return ask(turnActivity, key, { command: 'status', args: press.run });
      case 'unreasoned':
        return toErrorReply(missingReason);
      case 'strange':
        return toErrorReply(unknownAction);
      default:
        return press satisfies never;
    }
  };

  const answer = (turnActivity: Activity, key: string): Promise<Reply> => {
    const value: unknown = turnActivity.value;
    return typeof value === 'object' && value !== null
      ? answerPress(turnActivity, key, value)
      : ask(turnActivity, key, parseMessage(turnActivity, appId));
  };

  return async (turnActivity: Activity): Promise<void> => {
    const key = toIdempotencyKey(turnActivity);
    if (heard.has(key)) return;
    heard.set(key, true);
    const work = answer(turnActivity, key);
    void inFlight.track(async () => tell(turnActivity, await work));
    // Acknowledged when Temporal has it; the answer is a message of its own.
    await within(work, answerWithinMs);
  };
};
