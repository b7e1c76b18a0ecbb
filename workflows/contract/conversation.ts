/**
 * A channel or chat: `slack:<channel>`, `teams:<conversation id>` or `console:<name>`.
 * Only the platform before the colon creates and interprets the rest.
 */
export type Conversation = string;

/** A conversation that follows a service or a stack. */
export interface Audience {
  readonly to: Conversation;
  /** `failures`: only runs that fail, are denied, expire or are cancelled, and the next success. */
  readonly events: 'all' | 'failures';
}
