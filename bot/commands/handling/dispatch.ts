import pTimeout from 'p-timeout';
import { v4 as uuid } from 'uuid';
import { closestMatch } from '../../../activities/catalog/closest-match.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { Metrics } from '../../../runtime/metrics.ts';
import { infoCard } from '../../cards/notice-cards.ts';
import { toErrorReply } from '../../platform/error-reply.ts';
import { UserError } from '../../platform/errors.ts';
import type { CommandRequest, Dispatch, Reply } from '../../platform/platform.ts';
import { truncateMiddle } from '../../text/plain-text.ts';
import type { Command } from '../command.ts';
import { checkLength, normalizeInput, splitFirstWord } from './args.ts';
import { isUnavailable } from './temporal-retry.ts';

export interface DispatchDeps {
  readonly commands: readonly Command[];
  /** Delivers a reply that missed its deadline; never rejects. */
  readonly deferReply: (request: CommandRequest, reply: Promise<Reply>) => void;
  readonly logger: Logger;
  /** Records how long people wait for a reply. */
  readonly metrics?: Pick<Metrics, 'histogram'>;
}

/** Left of the deadline for rendering the reply and sending it. */
const marginMs = 100;

const unavailable = new UserError("Temporal isn't responding. Nothing was changed.", {
  hint: 'Try again in a minute.',
});

const deferred: Reply = {
  card: infoCard(
    'Not confirmed yet',
    "Temporal hasn't answered yet, so the command isn't confirmed. Quarterdeck retries for one minute and posts the result here.",
    'warning',
  ),
  outcome: 'unconfirmed',
  visibility: 'ephemeral',
};

/** `/Deploy-Status` is `status`: Slack reserves `/status`. */
const toCommandName = (typed: string): string =>
  typed
    .trim()
    .toLowerCase()
    .replace(/^\/+/, '')
    .replace(/^deploy-(?=.)/, '');

const unknownCommand = (typed: string, names: readonly string[]): UserError => {
  const meant = closestMatch(typed, names);
  const help = meant === null ? `Commands: ${names.join(', ')}.` : `Did you mean ${meant}?`;
  return new UserError(`Unknown command “${truncateMiddle(typed, 40)}”. ${help}`);
};

/**
 * Resolves who sends the command, runs it, and replies before the request's deadline. A command that is
 * slower goes on, and its reply is delivered when it is there.
 */
export const createDispatch = ({ commands, deferReply, logger, metrics }: DispatchDeps): Dispatch => {
  const byName = new Map(commands.map((command) => [command.name, command]));
  const waited = metrics?.histogram('command_seconds', 'How long people waited for a reply.', ['command']);

  /** Every command also works after `deploy`: `deploy status 3f2a91`. */
  const choose = ({ command: typed, args }: CommandRequest): { command: Command; text: string } => {
    const name = toCommandName(typed);
    const text = normalizeInput(args);
    checkLength(text);
    const isPrefix = name === 'deploy' || name === '';
    const { first, rest } = splitFirstWord(text);
    const inner = isPrefix ? byName.get(toCommandName(first)) : undefined;
    if (inner !== undefined) return { command: inner, text: rest };
    const command = byName.get(isPrefix && text === '' ? 'help' : name);
    if (command === undefined) throw unknownCommand(name === '' ? first : name, [...byName.keys()]);
    return { command, text };
  };

  const toReply = (error: unknown, { command }: CommandRequest): Reply => {
    if (error instanceof UserError) return toErrorReply(error);
    if (isUnavailable(error)) return toErrorReply(unavailable);
    const incident = uuid().slice(0, 8);
    logger.error({ incident, command: command.slice(0, 40), err: error }, 'command failed');
    const message = `Internal error (incident ${incident}). The command may have taken effect.`;
    const hint = 'Check with status, and give the incident ID to your Quarterdeck administrator.';
    return toErrorReply(new UserError(message, { hint, outcome: 'unconfirmed' }));
  };

  const run = async (request: CommandRequest): Promise<Reply> => {
    try {
      const { resolveActor, ...call } = request;
      const { id, name } = await resolveActor();
      const { command, text } = choose(request);
      return await command.run({ ...call, actor: { id: id.toLowerCase(), name } }, text);
    } catch (error) {
      return toReply(error, request);
    }
  };

  return async (request) => {
    // A label made from what people type would grow without end.
    const stop = waited?.startTimer({ command: byName.has(request.command) ? request.command : 'other' });
    const reply = run(request);
    const milliseconds = Math.max(1, request.deadline - marginMs - Date.now());
    const inTime = await pTimeout(reply, { milliseconds, fallback: () => null });
    stop?.();
    if (inTime !== null) return inTime;
    deferReply(request, reply);
    return deferred;
  };
};
