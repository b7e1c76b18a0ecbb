import { setTimeout as pause } from 'node:timers/promises';
import { v4 as uuid } from 'uuid';
import { closestMatch } from '../../../activities/catalog/closest-match.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { infoCard } from '../../cards/notice-cards.ts';
import { UserError } from '../../platform/errors.ts';
import type { Dispatch, Invocation, Reply } from '../../platform/platform.ts';
import { truncateMiddle } from '../../text/plain-text.ts';
import type { Command } from '../command.ts';
import { checkLength, normalizeInput, splitFirstWord } from './args.ts';
import { toErrorReply } from './handle-request.ts';
import { isUnavailable } from './temporal-retry.ts';

export interface DispatchDeps {
  readonly commands: readonly Command[];
  /** Tells a conversation what became of something that took too long to be answered; never rejects. */
  readonly deferReply: (call: Invocation, reply: Promise<Reply>) => void;
  readonly logger: Logger;
  /** How long the asker is kept waiting. */
  readonly replyTimeoutMs?: number;
}

const silent =
  'Temporal, or the worker behind it, does not answer just now. Nothing was changed; try again in a moment.';

/** `/Deploy-Status` is `status`: Slack reserves the bare word. */
const wordOf = (typed: string): string =>
  typed
    .trim()
    .toLowerCase()
    .replace(/^\/+/, '')
    .replace(/^deploy-(?=.)/, '');

export const createDispatch = (deps: DispatchDeps): Dispatch => {
  const { commands, deferReply: tellLater, logger, replyTimeoutMs: answerWithinMs = 2300 } = deps;
  const byName = new Map(commands.map((command) => [command.name, command]));

  const unknown = (typed: string): UserError => {
    const names = [...byName.keys()];
    const meant = closestMatch(typed, names);
    const help = meant === null ? `You can type ${names.join(', ')}.` : `Did you mean ${meant}?`;
    return new UserError(`“${truncateMiddle(typed, 40)}” is not a word that I know. ${help}`);
  };

  /** Every word also works after the first: `deploy status 3f2a91`. */
  const choose = (call: Invocation): { readonly command: Command; readonly text: string } => {
    const word = wordOf(call.command);
    const text = normalizeInput(call.args);
    checkLength(text);
    const { first, rest } = splitFirstWord(text);
    const inner = word === 'deploy' || word === '' ? byName.get(wordOf(first)) : undefined;
    if (inner !== undefined) return { command: inner, text: rest };
    const name = (word === 'deploy' || word === '') && text === '' ? 'help' : word;
    const command = byName.get(name);
    if (command === undefined) throw unknown(name === '' ? first : name);
    return { command, text };
  };

  const run = async (call: Invocation): Promise<Reply> => {
    try {
      const { command, text } = choose(call);
      return await command.run(call, text);
    } catch (error) {
      if (error instanceof UserError) return toErrorReply(error);
      if (isUnavailable(error)) return toErrorReply(silent);
      const incident = uuid().slice(0, 8);
      logger.error({ incident, command: call.command.slice(0, 40), error }, 'a command failed');
      return toErrorReply(
        `Something went wrong here, and it is not your doing. Ask whoever runs this bot for incident ${incident}.`,
      );
    }
  };

  return async (asked) => {
    const call = { ...asked, actor: { ...asked.actor, id: asked.actor.id.toLowerCase() } };
    const running = run(call);
    const cut = new AbortController();
    const slow = pause(answerWithinMs, null, { signal: cut.signal }).catch(() => null);
    const reply = await Promise.race([running, slow]);
    cut.abort();
    if (reply !== null) return reply;
    tellLater(call, running);
    const message =
      'There is no answer from Temporal yet, so this is not confirmed. It is tried for up to a minute, and what comes of it is told here.';
    return {
      card: infoCard('Not confirmed yet', message, 'warning'),
      outcome: 'unconfirmed',
      visibility: 'ephemeral',
    };
  };
};
