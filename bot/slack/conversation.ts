import type { Conversation } from '../../workflows/contract/conversation.ts';
import { ChatError } from '../platform/errors.ts';
import type { MessageRef } from '../platform/platform.ts';

export const platformName = 'slack';

/** `id` is a channel's, or a person's for the messages between them and the bot. */
export const toConversation = (id: string): Conversation => `${platformName}:${id}`;

export const toChannelId = (conversation: Conversation): string => {
  const id = conversation.startsWith(`${platformName}:`) ? conversation.slice(platformName.length + 1) : '';
  if (!/^[A-Z0-9]{2,40}$/.test(id))
    throw new ChatError(
      `posting to ${conversation}: write it as slack:<channel id>, for example slack:C0123456789`,
      'permanent',
    );
  return id;
};

/** Where a message is: its channel and its time, which is its name. */
export interface MessageLocation {
  readonly channel: string;
  readonly ts: string;
}

export const toMessageRef = ({ channel, ts }: MessageLocation): MessageRef => `${channel}/${ts}`;

export const parseMessageRef = (ref: MessageRef): MessageLocation => {
  const [channel = '', ts = ''] = ref.split('/');
  if (!channel || !ts)
    throw new ChatError(`finding the Slack message ${ref}: not a reference of ours`, 'not_found');
  return { channel, ts };
};
