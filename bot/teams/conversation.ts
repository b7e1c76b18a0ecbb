import type { Conversation } from '../../workflows/contract/conversation.ts';
import { ChatError } from '../platform/errors.ts';
import type { MessageRef } from '../platform/platform.ts';

export const toPlatformName = 'teams';

/** What Teams puts after a channel's id to name one of its threads. */
const threadMark = ';messageid=';

/** A thread's words belong to its channel: the run gets a thread of its own there. */
export const withoutThread = (id: string): string => id.split(';', 1)[0] ?? id;

/** The thread's first message, when the id names a thread. */
export const getThreadId = (id: string): string | null => {
  const at = id.indexOf(threadMark);
  return at < 0 ? null : id.slice(at + threadMark.length) || null;
};

export const toThreadConversationId = (id: string, threadId: string): string =>
  `${withoutThread(id)}${threadMark}${threadId}`;

/** Where something was said: a channel, a group chat, or the chat between a person and the bot. */
export const toConversation = ({
  conversation,
}: {
  readonly conversation?: { readonly id?: string };
}): Conversation => `${toPlatformName}:${withoutThread(conversation?.id ?? '')}`;

export const toConversationId = (conversation: Conversation): string => {
  const id = conversation.startsWith(`${toPlatformName}:`)
    ? conversation.slice(toPlatformName.length + 1)
    : '';
  if (!/^[\w-][\w:@.+=~-]{1,250}$/.test(id))
    throw new ChatError(
      `posting to ${conversation}: write it as teams:<conversation id>, for example teams:19:abc123@thread.tacv2 (it is in a channel's link, decoded)`,
      'permanent',
    );
  return id;
};

/** Where a message is; a channel's message names its thread too. */
export interface MessageLocation {
  readonly conversationId: string;
  readonly activityId: string;
}

export const toMessageRef = ({ conversationId, activityId }: MessageLocation): MessageRef =>
  `${conversationId} ${activityId}`;

export const parseMessageRef = (ref: MessageRef): MessageLocation => {
  const [conversationId = '', activityId = '', ...rest] = ref.split(' ');
  if (!conversationId || !activityId || rest.length > 0)
    throw new ChatError(`finding the Teams message ${ref}: not a reference of ours`, 'not_found');
  return { conversationId, activityId };
};
