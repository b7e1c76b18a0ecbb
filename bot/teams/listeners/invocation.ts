import { createHash, randomUUID } from 'node:crypto';
import type { Activity } from 'botbuilder';
import { createClickKeys } from '../../click-keys.ts';
import type { Asked } from '../../reply-to.ts';
import { toConversation } from '../conversation.ts';
import type { Sender } from '../resolve-user.ts';
import type { Respond } from './respond.ts';

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
  const known = createClickKeys();
  return (turnActivity, { command, args, digest = '' }) => {
    const { conversation, replyToId = '', from } = turnActivity;
    const button = [conversation.id, replyToId, from.aadObjectId ?? from.id, command, args, digest];
    return known(button, toIdempotencyKey(turnActivity));
  };
};

/** What somebody wants, as the bot takes it. */
export const toInvocation = (
  turnActivity: Activity,
  key: string,
  { command, args, digest }: ParsedCommand,
  tell: Respond,
): Asked<Sender> => ({
  idempotencyKey: key,
  command,
  args,
  ...(digest === undefined ? {} : { digest }),
  who: turnActivity,
  conversation: toConversation(turnActivity),
  sendDeferredReply: (reply) => tell(turnActivity, reply),
});
