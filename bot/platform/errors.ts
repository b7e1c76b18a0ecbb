/** What a person is told: `message` names the problem and the consequence, `hint` the next command. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly hint: string | null;
  /** `unconfirmed`: the command may have taken effect. */
  readonly outcome: 'refused' | 'unconfirmed';

  constructor(
    message: string,
    options: ErrorOptions & { hint?: string; outcome?: UserError['outcome'] } = {},
  ) {
    super(message, options);
    this.hint = options.hint ?? null;
    this.outcome = options.outcome ?? 'refused';
  }
}

/**
 * A chat that did not take a message.
 * `retryable`: try again, after `retryAfterMs` when the chat named a time.
 * `uncertain`: the chat may have taken it: look before posting again.
 * `not_found`: the message was deleted; a new one may be posted.
 * `permanent`: the chat refuses it as things stand (no such channel, not a member), so trying again soon
 * is of no use.
 */
export class ChatError extends Error {
  override readonly name = 'ChatError';
  readonly kind: 'retryable' | 'uncertain' | 'not_found' | 'permanent';
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    kind: ChatError['kind'],
    options: ErrorOptions & { retryAfterMs?: number } = {},
  ) {
    super(message, options);
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
