import type { Conversation } from '../../workflows/contract/conversation.ts';
import type { Person } from '../../workflows/contract/person.ts';
import type { Card } from '../cards/card.ts';

/** A command of a person, independent of the chat and of how it was entered. Platforms make it. */
export interface Invocation {
  /** The same for each delivery of one click or message; names the update and the run that it makes. */
  readonly idempotencyKey: string;
  /** As typed: `deploy`, `/deploy-status`, `approve`. An unknown command is answered with the nearest match. */
  readonly command: string;
  /** Everything after the command, as typed. */
  readonly args: string;
  /** The digest of the plan that a clicked card showed; typed commands carry none. */
  readonly digest?: string;
  /** The person's work email is their identity in approvals. */
  readonly actor: Person;
  readonly conversation: Conversation;
  /** When the chat must have its reply, in milliseconds since the epoch. The chat sets it on arrival. */
  readonly deadline: number;
  /**
   * Delivers the reply of a command that missed its deadline, to the same people as in time; never rejects.
   * Without it the reply is posted to the conversation.
   */
  readonly deliverDeferredReply?: (reply: Reply) => Promise<void>;
}

/** A command whose sender is not known yet. `resolveActor` throws `UserError` for people who may not use the bot. */
export type CommandRequest = Omit<Invocation, 'actor'> & { readonly resolveActor: () => Promise<Person> };

/** For chats that set no shorter limit, in milliseconds. */
export const defaultReplyTimeoutMs = 2500;

/**
 * What a command did.
 * `started`: a run was started; its card is posted next.
 * `accepted`: the change or the decision took effect.
 * `pending`: Temporal holds the decision, and the run has not answered yet.
 * `unchanged`: the decision that was made before stands.
 * `refused`: nothing was changed.
 * `unconfirmed`: no answer yet, or none at all: the command may have taken effect.
 * `listing`: the card shows what was asked for; nothing was changed.
 */
type Outcome = 'started' | 'accepted' | 'pending' | 'unchanged' | 'refused' | 'unconfirmed' | 'listing';

/** The answer to a command. */
export interface Reply {
  readonly card: Card;
  readonly outcome: Outcome;
  /** `ephemeral`: only the person who sent the command sees it. */
  readonly visibility: 'ephemeral' | 'channel';
  /** The run that the command was about, when there is one. */
  readonly workflowId?: string;
}

/**
 * Runs a command and replies by the request's deadline, whatever Temporal does. Never rejects: an error
 * becomes a card. A reply claims a change only after Temporal has stored it. Platforms call it.
 */
export type Dispatch = (request: CommandRequest) => Promise<Reply>;

/** A message's address in the chat that posted it. Only that platform reads it; the store keeps it. */
export type MessageRef = string;

/** A message in a run's thread. */
export interface ThreadPost {
  readonly text: string;
  /** Log lines, shown in fixed width. */
  readonly lines?: readonly string[];
  readonly file?: { readonly name: string; readonly title: string; readonly content: Buffer };
  /** Also shown in the conversation itself: final failures and recoveries. */
  readonly broadcast?: boolean;
  /** Work emails of people to mention before the text. People that the chat does not know are left out. */
  readonly mentions?: readonly string[];
}

/** Identifies one message, so that a post whose answer was lost is found instead of repeated. */
export interface PostKey {
  readonly workflowId: string;
  /** `card`, or the name of the thread post. */
  readonly part: string;
  /** True when an earlier attempt may have reached the chat. */
  readonly deliveryUncertain: boolean;
}

/**
 * A chat. Each has its own folder and one line in `platforms.ts`. The bot's process starts and stops
 * it; the delivery of notifications calls `post`, `edit` and `reply`.
 */
export interface Platform {
  /** The part of a conversation before the colon: `slack` in `slack:C0123456789`. */
  readonly name: string;
  /** Posts and edits a minute that the chat allows; 45 by default. */
  readonly messagesPerMinute?: number;
  /** What `messagesPerMinute` limits: the whole workspace by default, or each conversation. */
  readonly rateLimitScope?: 'workspace' | 'conversation';
  /** The chat shows notifications and sends no commands. */
  readonly notifyOnly?: true;
  /** Starts to accept commands. Rejects only for wrong settings, never because the chat is unavailable. */
  start(): Promise<void>;
  /** Accepts no new command and resolves when the running ones have been answered. */
  stop(): Promise<void>;
  /** null while connected, else the reason for `/readyz`. */
  unreadyReason(): Promise<string | null>;
  /**
   * Posts a card.
   * @throws ChatError `retryable`: post again later. `uncertain`: the card may be there; post again with
   * `deliveryUncertain`. `permanent`: the chat rejects the conversation or the card. Never `not_found`.
   */
  post(to: Conversation, card: Card, key: PostKey): Promise<MessageRef>;
  /**
   * Replaces a posted card. A second call does no harm.
   * @throws ChatError `retryable`: edit again later. `not_found`: the message was deleted. `permanent`:
   * the chat rejects the card. Never `uncertain`.
   */
  edit(ref: MessageRef, card: Card): Promise<void>;
  /**
   * Posts to a card's thread.
   * @throws ChatError `retryable` or `uncertain` as for `post`. `not_found`: the thread was deleted.
   * `permanent`: the chat rejects the post.
   */
  reply(ref: MessageRef, post: ThreadPost, key: PostKey): Promise<void>;
}
