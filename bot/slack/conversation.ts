import type { Conversation } from '../../workflows/contract/conversation.ts';
import { ChatError } from '../platform/errors.ts';
import type { MessageRef } from '../platform/platform.ts';

export const platformName = 'slack';

/** `id` is a channel ID, or a user ID for the direct messages between that user and the bot. */
export const toConversation = (id: string): Conversation => `${platformName}:${id}`;

/** Throws `ChatError` of kind `permanent` for anything but a Slack conversation. */
export const toChannelId = (conversation: Conversation): string => {
  const id = conversation.startsWith(`${platformName}:`) ? conversation.slice(platformName.length + 1) : '';
  if (!/^[A-Z0-9]{2,40}$/.test(id))
    throw new ChatError(
      `posting to ${conversation}: not a Slack conversation; write slack:<channel id>, such as slack:C0123456789`,
      'permanent',
    );
  return id;
};

/** A message: Slack identifies it by its channel and its timestamp. */
export interface MessageLocation {
  readonly channel: string;
  readonly ts: string;
}

export const toMessageRef = ({ channel, ts }: MessageLocation): MessageRef => `${channel}/${ts}`;

/** Throws `ChatError` of kind `not_found` for a reference that Slack's platform did not make. */
export const parseMessageRef = (ref: MessageRef): MessageLocation => {
  const [channel = '', ts = ''] = ref.split('/');
  if (!channel || !ts)
    throw new ChatError(`finding the Slack message ${ref}: not a message reference`, 'not_found');
  return { channel, ts };
};
