import type { Conversation } from '../../workflows/contract/conversation.ts';
import type { Person } from '../../workflows/contract/person.ts';
import type { Card } from '../cards/card.ts';

/** A command from a known person. Commands do not see whether it was typed or clicked, and in which chat. */
export interface Invocation {
  /** Stable across redeliveries of the same click or command; names the update and the run that it makes. */
  readonly idempotencyKey: string;
  /** As typed: `deploy`, `/deploy-status`, `approve`. An unknown command is answered with the nearest match. */
  readonly command: string;
  /** Everything after the command, as typed. */
  readonly args: string;
  /** The digest of the plan that a clicked card showed; typed commands carry none. */
  readonly digest?: string;
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

/** For chats that set no shorter limit of their own, in milliseconds. */
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
 * Runs a command and replies by the request's deadline, whatever Temporal does; never rejects: an error
 * becomes a card. A reply claims a change only after Temporal has stored it.
 */
export type Dispatch = (request: CommandRequest) => Promise<Reply>;

/** A message as the platform that posted it knows it again; opaque to everybody else. */
export type MessageRef = string;

/** A contribution to a run's thread. */
export interface ThreadPost {
  readonly text: string;
  /** Log lines drawn in fixed width. */
  readonly lines?: readonly string[];
  readonly file?: { readonly name: string; readonly title: string; readonly content: Buffer };
  /** Also shown in the conversation itself: final failures, and that what had failed works again. */
  readonly broadcast?: boolean;
  /** Work e-mails of people to be mentioned, where the chat knows them; drawn before the text. */
  readonly mentions?: readonly string[];
}

/** Names one message to be posted, so that a post whose answer was lost is found again, not repeated. */
export interface PostKey {
  readonly workflowId: string;
  /** `card`, or the thread post's name. */
  readonly part: string;
  /** True when an earlier try may have reached the chat. */
  readonly deliveryUncertain: boolean;
}

/** A chat. Each lives in a folder of its own and is listed once in `platforms.ts`. */
export interface Platform {
  /** The word before the colon of its conversations. */
  readonly name: string;
  /** How many messages a minute it may post or edit; 45 when it does not say. */
  readonly messagesPerMinute?: number;
  /** What that is the limit of: all of it, unless it says that each conversation has its own. */
  readonly rateLimitScope?: 'workspace' | 'conversation';
  /** It only tells: nobody can ask or decide there. */
  readonly notifyOnly?: true;
  /** Starts to listen; rejects only when the settings are wrong, never because the chat is away. */
  start(): Promise<void>;
  /** Takes nothing new, finishes what it began. */
  stop(): Promise<void>;
  /** null when connected, else the reason in words. */
  unreadyReason(): Promise<string | null>;
  /** Posts a card; throws `ChatError`. */
  post(to: Conversation, card: Card, key: PostKey): Promise<MessageRef>;
  /** Redraws a card in place; throws `ChatError`, of kind `gone` when the message was deleted. */
  edit(ref: MessageRef, card: Card): Promise<void>;
  /** Adds to a card's thread; throws `ChatError`. */
  reply(ref: MessageRef, post: ThreadPost, key: PostKey): Promise<void>;
}
