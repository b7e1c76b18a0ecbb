/** Shown to the person: `message` names the problem and the consequence, `hint` the next command. */
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
 * A chat did not accept a message.
 * `retryable`: try again, after `retryAfterMs` when the chat named a time.
 * `uncertain`: the chat may have accepted it; look for the message before posting again.
 * `not_found`: the message was deleted; a new one may be posted.
 * `permanent`: the chat rejects it until a setting changes (no such channel, not a member), so a retry
 * does not help.
 */
export class ChatError extends Error {
  override readonly name = 'ChatError';
  readonly kind: 'retryable' | 'uncertain' | 'not_found' | 'permanent';
  /** Milliseconds that the chat asked to wait; null when it named no time. */
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

/** Node's and undici's codes for a connection that was never made, so that no request was sent. */
const notSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** True when an error code means that the request never left: the chat cannot have acted on it. */
export const wasNeverSent = (code: string): boolean => notSent.has(code);
