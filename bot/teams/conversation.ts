import type { Conversation } from '../../workflows/contract/conversation.ts';
import { ChatError } from '../errors.ts';
import type { MessageRef } from '../platform.ts';

export const platformName = 'teams';

/** What Teams puts after a channel's id to name one of its threads. */
const threadMark = ';messageid=';

/** A thread's words belong to its channel: the run gets a thread of its own there. */
export const withoutThread = (id: string): string => id.split(';', 1)[0] ?? id;

/** The thread's first message, when the id names a thread. */
export const threadOf = (id: string): string | null => {
  const at = id.indexOf(threadMark);
  return at < 0 ? null : id.slice(at + threadMark.length) || null;
};

export const inThread = (id: string, threadId: string): string =>
  `${withoutThread(id)}${threadMark}${threadId}`;

/** Where something was said: a channel, a group chat, or the chat between a person and the bot. */
export const conversationOf = ({
  conversation,
}: {
  readonly conversation?: { readonly id?: string };
}): Conversation => `${platformName}:${withoutThread(conversation?.id ?? '')}`;

export const idOf = (conversation: Conversation): string => {
  const id = conversation.startsWith(`${platformName}:`) ? conversation.slice(platformName.length + 1) : '';
  if (!/^[\w-][\w:@.+=~-]{1,250}$/.test(id))
    throw new ChatError(
      `posting to ${conversation}: write it as teams:<conversation id>, for example teams:19:abc123@thread.tacv2 (it is in a channel's link, decoded)`,
      'never',
    );
  return id;
};

/** Where a message is; a channel's message names its thread too. */
export interface Place {
  readonly conversationId: string;
  readonly activityId: string;
}

export const refOf = ({ conversationId, activityId }: Place): MessageRef => `${conversationId} ${activityId}`;

export const placeOf = (ref: MessageRef): Place => {
  const [conversationId = '', activityId = '', ...rest] = ref.split(' ');
  if (!conversationId || !activityId || rest.length > 0)
    throw new ChatError(`finding the Teams message ${ref}: not a reference of ours`, 'gone');
  return { conversationId, activityId };
};
