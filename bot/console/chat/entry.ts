import type { Conversation } from '../../../workflows/contract/conversation.ts';
import type { Person } from '../../../workflows/contract/person.ts';
import type { Card } from '../../cards/card.ts';
import type { ThreadPost } from '../../platform/platform.ts';

/** One contribution to a conversation, as the chat shows it. */
export type Entry = {
  /** The element's id on the page; begins with `e-`. */
  readonly id: string;
  readonly at: number;
  /** null: everybody sees it. */
  readonly onlyFor: string | null;
} & EntryContent;

export type EntryContent =
  | { readonly kind: 'said'; readonly by: Person; readonly words: string }
  | { readonly kind: 'note'; readonly card: Card }
  | {
      /** A run's card: drawn from the run as it is now, or as it was told when nothing newer is known. */
      readonly kind: 'run';
      readonly workflowId: string;
      readonly told: Card | null;
      readonly thread: readonly ThreadLine[];
    };

/** What was added to a run's thread; a file stands there by its title. */
export interface ThreadLine {
  readonly part: string;
  readonly post: Omit<ThreadPost, 'file'>;
  readonly file: string | null;
}

/** The conversations of the console begin with its name. */
export const consoleName = 'console';

export const toConversation = (name: string): Conversation => `${consoleName}:${name}`;

export const getConversationName = (conversation: Conversation): string =>
  conversation.slice(consoleName.length + 1);

export const mainConversation = toConversation('main');

/** What a conversation may be called, so that it can stand in an address. */
export const isConversationName = (name: string): boolean => /^[\w.-]{1,60}$/.test(name);
