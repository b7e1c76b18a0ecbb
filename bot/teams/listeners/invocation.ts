import { createHash, randomUUID } from 'node:crypto';
import type { Activity } from 'botbuilder';
import type { Logger } from '../../../runtime/logger.ts';
import type { CardLinks } from '../../cards/run-buttons.ts';
import { createClickDedupe } from '../../commands/handling/click-dedupe.ts';
import type { RequestHandler, UnresolvedInvocation } from '../../commands/handling/handle-request.ts';
import type { PendingWork } from '../../commands/handling/pending-work.ts';
import type { Runs } from '../../runs/port.ts';
import { toConversation } from '../conversation.ts';
import type { ResolveUser, Sender } from '../resolve-user.ts';
import type { Respond } from './respond.ts';

/** What every listener is made from. */
export interface ListenerDeps {
  readonly appId: string;
  readonly replyTo: RequestHandler<Sender>;
  readonly findPerson: ResolveUser;
  readonly runs: Pick<Runs, 'get'>;
  readonly links: CardLinks;
  readonly tell: Respond;
  readonly clickKey: ClickKey;
  readonly inFlight: PendingWork;
  readonly logger: Logger;
  /** How long Teams is kept waiting, with everything that an answer needs. */
  readonly answerWithinMs: number;
}

/** Words, typed or behind a button. */
export interface ParsedCommand {
  readonly command: string;
  readonly args: string;
  readonly digest?: string;
}

/** Names what was sent: Teams' ids are times, so two conversations may use the same one. */
export const toIdempotencyKey = ({ conversation, id }: Activity): string => {
  if (!id) return `teams-${randomUUID()}`;
  return `teams-${createHash('sha256').update(`${conversation.id}\n${id}`).digest('base64url')}`;
};

/** Names a click; the second one of a double click gets the first one's name. */
export type ClickKey = (turnActivity: Activity, wanted: ParsedCommand) => string;

export const createClickKey = (): ClickKey => {
  const known = createClickDedupe();
  return (turnActivity, { command, args, digest = '' }) => {
    const { conversation, replyToId = '', from } = turnActivity;
    const button = [conversation.id, replyToId, from.aadObjectId ?? from.id, command, args, digest];
    return known(button, toIdempotencyKey(turnActivity));
  };
};

/** What somebody wants, as the bot takes it. */
export const toInvocation = (
  turnActivity: Activity,
  idempotencyKey: string,
  { command, args, digest }: ParsedCommand,
  tell: Respond,
): UnresolvedInvocation<Sender> => ({
  idempotencyKey,
  command,
  args,
  ...(digest === undefined ? {} : { digest }),
  who: turnActivity,
  conversation: toConversation(turnActivity),
  deliverDeferredReply: (reply) => tell(turnActivity, reply),
});
