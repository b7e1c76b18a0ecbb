/**
 * Where people talk: `slack:<channel>`, `teams:<conversation id>` or `console:<name>`.
 * The platform before the colon mints it and alone understands the rest.
 */
export type Conversation = string;

/** A conversation that follows a service, and which of its outcomes it wants to hear. */
export interface Audience {
  readonly to: Conversation;
  readonly events: 'all' | 'failures';
}
