import type { Conversation } from '../../workflows/contract/conversation.ts';
import { ChatError } from '../platform/errors.ts';
import type { MessageRef } from '../platform/platform.ts';

export const platformName = 'teams';

/** Teams appends this to a channel's ID to identify one of its threads. */
const threadSuffix = ';messageid=';

/** A message in a thread belongs to its channel: each run gets its own thread there. */
export const withoutThread = (id: string): string => id.split(';', 1)[0] ?? id;

/** The ID of the thread's first message; null when the conversation ID names no thread. */
export const getThreadId = (id: string): string | null => {
  const at = id.indexOf(threadSuffix);
  return at < 0 ? null : id.slice(at + threadSuffix.length) || null;
};

export const toThreadConversationId = (id: string, threadId: string): string =>
  `${withoutThread(id)}${threadSuffix}${threadId}`;

/** The channel, group chat or personal chat in which an activity was sent. */
export const toConversation = ({
  conversation,
}: {
  readonly conversation?: { readonly id?: string };
}): Conversation => `${platformName}:${withoutThread(conversation?.id ?? '')}`;

/** Throws `ChatError` of kind `permanent` for anything but a Teams conversation. */
export const toConversationId = (conversation: Conversation): string => {
  const id = conversation.startsWith(`${platformName}:`) ? conversation.slice(platformName.length + 1) : '';
  if (!/^[\w-][\w:@.+=~-]{1,250}$/.test(id))
    throw new ChatError(
      `posting to ${conversation}: not a Teams conversation; write teams:<conversation id>, such as teams:19:abc123@thread.tacv2 (decode it from the channel's link)`,
      'permanent',
    );
  return id;
};

/** A message; for a channel, the conversation ID includes the thread. */
export interface MessageLocation {
  readonly conversationId: string;
  readonly activityId: string;
}

export const toMessageRef = ({ conversationId, activityId }: MessageLocation): MessageRef =>
  `${conversationId} ${activityId}`;

/** Throws `ChatError` of kind `not_found` for a reference that the Teams platform did not make. */
export const parseMessageRef = (ref: MessageRef): MessageLocation => {
  const [conversationId = '', activityId = '', ...rest] = ref.split(' ');
  if (!conversationId || !activityId || rest.length > 0)
    throw new ChatError(`finding the Teams message ${ref}: not a message reference`, 'not_found');
  return { conversationId, activityId };
};
