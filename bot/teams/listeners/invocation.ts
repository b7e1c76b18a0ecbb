import { createHash, randomUUID } from 'node:crypto';
import type { Activity } from 'botbuilder';
import type PQueue from 'p-queue';
import type { Logger } from '../../../runtime/logger.ts';
import type { CardLinks } from '../../cards/run-buttons.ts';
import { createClickDedupe } from '../../commands/handling/click-dedupe.ts';
import type { CommandRequest, Dispatch } from '../../platform/platform.ts';
import type { Runs } from '../../runs/types.ts';
import { toConversation } from '../conversation.ts';
import type { ParsedCommand } from '../render/action-data.ts';
import type { ResolveUser } from '../resolve-user.ts';
import type { Respond } from './respond.ts';

/** What the listeners of messages and clicks need. */
export interface ListenerDeps {
  readonly appId: string;
  readonly dispatch: Dispatch;
  readonly resolveUser: ResolveUser;
  readonly runs: Pick<Runs, 'get'>;
  readonly links: CardLinks;
  readonly respond: Respond;
  readonly dedupeClick: DedupeClick;
  /** Work that continues after an activity was acknowledged; the platform waits for it when it stops. */
  readonly pending: PQueue;
  readonly logger: Logger;
  /** Milliseconds until the reply: Teams shows an error after 10 to 15 s, people wait less. */
  readonly replyTimeoutMs: number;
}

/** Hashes the conversation with the activity ID: Teams' IDs are times, and conversations share them. */
export const toIdempotencyKey = ({ conversation, id }: Activity): string => {
  if (!id) return `teams-${randomUUID()}`;
  return `teams-${createHash('sha256').update(`${conversation.id}\n${id}`).digest('base64url')}`;
};

/** The idempotency key of a click; both clicks of a double click have the same. */
export type DedupeClick = (turnActivity: Activity, command: ParsedCommand) => string;

export const createDedupeClick = (): DedupeClick => {
  const dedupe = createClickDedupe();
  return (turnActivity, { command, args, digest = '' }) => {
    const { conversation, replyToId = '', from } = turnActivity;
    const button = [conversation.id, replyToId, from.aadObjectId ?? from.id, command, args, digest];
    return dedupe(button, toIdempotencyKey(turnActivity));
  };
};

/** The command of a person as dispatch accepts it. */
export const toCommandRequest = (
  turnActivity: Activity,
  idempotencyKey: string,
  { command, args, digest }: ParsedCommand,
  { resolveUser, respond, replyTimeoutMs }: ListenerDeps,
): CommandRequest => ({
  idempotencyKey,
  command,
  args,
  ...(digest === undefined ? {} : { digest }),
  resolveActor: () => resolveUser(turnActivity),
  conversation: toConversation(turnActivity),
  deadline: Date.now() + replyTimeoutMs,
  deliverDeferredReply: (late) => respond(turnActivity, late),
});
