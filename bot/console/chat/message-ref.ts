import type { Conversation } from '../../../workflows/contract/conversation.ts';
import type { MessageRef, PostKey } from '../../platform/platform.ts';

/** Where a card stands. The reference says all of it, so it is good after a restart too. */
export interface MessageLocation {
  readonly conversation: Conversation;
  readonly workflowId: string;
  readonly part: string;
}

export const encodeMessageRef = (conversation: Conversation, { workflowId, part }: PostKey): MessageRef =>
  JSON.stringify([conversation, workflowId, part]);

/** null for text that no post has given. */
export const decodeMessageRef = (ref: MessageRef): MessageLocation | null => {
  try {
    const parts: unknown = JSON.parse(ref);
    if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string')) return null;
    const [conversation, workflowId, part] = parts;
    return conversation === undefined || workflowId === undefined || part === undefined
      ? null
      : { conversation, workflowId, part };
  } catch {
    // Not one of ours.
    return null;
  }
};

/** A run has one card in a conversation, whichever of its posts has brought it there. */
export const runEntryKey = (workflowId: string): string => `run ${workflowId}`;
