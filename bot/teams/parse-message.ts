import { decode } from 'html-entities';

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
