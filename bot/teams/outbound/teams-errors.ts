import { ChatError } from '../../platform/errors.ts';

const hints: Readonly<Record<string, string>> = {
  BotNotInConversationRoster: 'add the app to that team or chat',
  ConversationBlockedByUser: 'the person has blocked the bot; they can unblock it in the chat',
  BotDisabledByAdmin:
    'an administrator has switched the app off; allow it in the Teams admin centre under “Manage apps”',
  ConversationNotFound: 'check the conversation id, and that the app is added there',
  MessageSizeTooBig: 'the message is too large for Teams however small it is drawn',
};

const credentials = 'check MicrosoftAppId, MicrosoftAppPassword and MicrosoftAppTenantId';

/** An administrator can mend these without us: until then nothing is thrown away. */
const unauthorized: Readonly<Record<string, string>> = {
  BotNotRegistered: 'register the bot in Azure with this MicrosoftAppId, and add its Teams channel',
};
const mendAfterMs = 60_000;

/** A moment later it may work; 412 is two requests at once in one conversation. */
const passing = new Set([408, 412, 425, 429, 503]);

export interface ErrorContext {
  /** Doing it twice is harmless, so an unclear outcome is simply tried again. */
  readonly repeatable: boolean;
  /** It belongs to an earlier message, and 404 means that this one is not there any more. */
  readonly toMessage: boolean;
}

type Answered = Extract<TeamsFailure, { kind: 'answered' }>;

const ofAnswer = (doing: string, failure: Answered, errand: ErrorContext, cause: ErrorOptions): ChatError => {
  const { status, code, retryAfterMs } = failure;
  const said = `${doing}: Teams answered ${status}${code === null ? '' : ` ${code}`}`;
  const later = (why: string, ms: number | null): ChatError =>
    new ChatError(`${said}; ${why}`, 'retryable', { ...cause, ...(ms === null ? {} : { retryAfterMs: ms }) });

  if (passing.has(status)) return later('it is tried again', retryAfterMs);
  if (status === 401) return later(unauthorized[code ?? ''] ?? credentials, mendAfterMs);
  if (status >= 500 || status < 400)
    return new ChatError(said, errand.repeatable ? 'retryable' : 'uncertain', cause);
  if (status === 404 && errand.toMessage) return new ChatError(said, 'not_found', cause);
  if (status === 413) return new ChatError(`${said}; ${hints.MessageSizeTooBig}`, 'permanent', cause);
  // Teams says why it refuses; without a word of its own, a proxy on the way has answered.
  if (status === 403 && code === null)
    return later('something between the bot and Teams refuses it', mendAfterMs);
  const hint = hints[code ?? ''] ?? (status === 404 ? hints.ConversationNotFound : undefined);
  return new ChatError(hint === undefined ? said : `${said}; ${hint}`, 'permanent', cause);
};

export const toChatError = (doing: string, error: unknown, errand: ErrorContext): ChatError => {
  if (error instanceof ChatError) return error;
  const failure = readTeamsError(error);
  const cause = { cause: error };
  switch (failure.kind) {
    case 'answered':
      return ofAnswer(doing, failure, errand, cause);
    case 'unreached':
      return new ChatError(`${doing}: Teams cannot be reached (${failure.why})`, 'retryable', cause);
    case 'unanswered':
      return new ChatError(
        `${doing}: Teams did not answer (${failure.why})`,
        errand.repeatable ? 'retryable' : 'uncertain',
        cause,
      );
    case 'unsent':
      return new ChatError(`${doing}: no token for Teams (${failure.why}); ${credentials}`, 'retryable', {
        ...cause,
        retryAfterMs: mendAfterMs,
      });
    default:
      return failure satisfies never;
  }
};

/** What went wrong between us and Teams, in the four ways that matter. */
export type TeamsFailure =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Teams' own word for it; null when something on the way answered. */
      readonly code: string | null;
      readonly retryAfterMs: number | null;
    }
  /** The request did not come to Teams: nothing can have happened. */
  | { readonly kind: 'unreached'; readonly why: string }
  /** The request left and no answer came: it may have been carried out. */
  | { readonly kind: 'unanswered'; readonly why: string }
  /** There was no request: no token, above all. */
  | { readonly kind: 'unsent'; readonly why: string };

const beforeSending = new Set([
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

/** True for what goes wrong before a request leaves. */
export const wasNeverSent = (code: string): boolean => beforeSending.has(code);

const maxRetryAfterMs = 3_600_000;
/** What a 429 without a time means. */
const defaultRetryAfterMs = 2000;

/** The SDK does not export its class; these are the parts of it that we read. */
interface RestError extends Error {
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly response?: { readonly headers?: { get(name: string): string | undefined } };
}

const isRestError = (error: unknown): error is RestError =>
  error instanceof Error && error.name === 'RestError';

/** A Retry-After header in milliseconds, from a second to an hour. */
export const readRetryAfter = (text: string | undefined): number | null => {
  if (text === undefined || text.trim() === '') return null;
  const ms = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? null : Math.min(maxRetryAfterMs, Math.max(1000, ms));
};

const whyOf = (error: unknown): string =>
  (error instanceof Error ? error.message || error.name : String(error)).split('\n', 1)[0]?.slice(0, 200) ??
  '';

export const readTeamsError = (error: unknown): TeamsFailure => {
  if (error instanceof Error && ['AbortError', 'TimeoutError'].includes(error.name))
    return { kind: 'unanswered', why: 'no answer in time' };
  if (!isRestError(error)) return { kind: 'unsent', why: whyOf(error) };
  const code = typeof error.code === 'string' ? error.code : null;
  const { statusCode: status } = error;
  if (typeof status !== 'number') {
    const why = code ?? 'unknown';
    return { kind: wasNeverSent(why) ? 'unreached' : 'unanswered', why };
  }
  const asked = readRetryAfter(error.response?.headers?.get('retry-after'));
  return {
    kind: 'answered',
    status,
    code,
    retryAfterMs: asked ?? (status === 429 ? defaultRetryAfterMs : null),
  };
};

/** How long Teams asks to be left alone, if it does. */
export const getPauseMs = (failure: TeamsFailure): number =>
  failure.kind === 'answered' && [429, 503].includes(failure.status) ? (failure.retryAfterMs ?? 0) : 0;

/** True when something smaller and plainer may be taken. */
export const isCardRejected = (failure: TeamsFailure): boolean =>
  failure.kind === 'answered' && (failure.status === 413 || failure.status === 400);
