import { ChatError, wasNeverSent } from '../../platform/errors.ts';

/** Why a request to Teams failed. */
export type TeamsFailure =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Teams' error code; null when something between the bot and Teams answered. */
      readonly code: string | null;
      readonly retryAfterMs: number | null;
    }
  /** The request never reached Teams: nothing can have happened. */
  | { readonly kind: 'unreached'; readonly why: string }
  /** The request left and no answer came: Teams may have carried it out. */
  | { readonly kind: 'unanswered'; readonly why: string }
  /** No request was made, usually for lack of a token. */
  | { readonly kind: 'unsent'; readonly why: string };

const maxRetryAfterMs = 3_600_000;
const minRetryAfterMs = 1000;
/** For a 429 without a Retry-After header. */
const defaultRetryAfterMs = 2000;
const maxReasonLength = 200;

/** The parts of the SDK's error class that Quarterdeck reads; the SDK does not export it. */
interface RestError extends Error {
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly response?: { readonly headers?: { get(name: string): string | undefined } };
}

const isRestError = (error: unknown): error is RestError =>
  error instanceof Error && error.name === 'RestError';

/** A Retry-After header in milliseconds, from one second to one hour. */
export const readRetryAfter = (text: string | undefined): number | null => {
  if (text === undefined || text.trim() === '') return null;
  const ms = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? null : Math.min(maxRetryAfterMs, Math.max(minRetryAfterMs, ms));
};

const toReason = (error: unknown): string =>
  (error instanceof Error ? error.message || error.name : String(error))
    .split('\n', 1)[0]
    ?.slice(0, maxReasonLength) ?? '';

export const readTeamsError = (error: unknown): TeamsFailure => {
  if (error instanceof Error && ['AbortError', 'TimeoutError'].includes(error.name))
    return { kind: 'unanswered', why: 'no answer in time' };
  if (!isRestError(error)) return { kind: 'unsent', why: toReason(error) };
  const code = typeof error.code === 'string' ? error.code : null;
  const { statusCode: status } = error;
  if (typeof status !== 'number') {
    const why = code ?? 'unknown';
    return { kind: wasNeverSent(why) ? 'unreached' : 'unanswered', why };
  }
  const retryAfterMs = readRetryAfter(error.response?.headers?.get('retry-after'));
  return {
    kind: 'answered',
    status,
    code,
    retryAfterMs: retryAfterMs ?? (status === 429 ? defaultRetryAfterMs : null),
  };
};

/** Milliseconds that Teams asks to wait before the next request; 0 without such a request. */
export const getPauseMs = (failure: TeamsFailure): number =>
  failure.kind === 'answered' && [429, 503].includes(failure.status) ? (failure.retryAfterMs ?? 0) : 0;

/** True when Teams rejected a card for its size or form, so that a smaller one may pass. */
export const isCardRejected = (failure: TeamsFailure): boolean =>
  failure.kind === 'answered' && (failure.status === 413 || failure.status === 400);

// https://learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability#status-codes-from-bot-conversational-apis
const hints: Readonly<Record<string, string>> = {
  BotNotInConversationRoster: 'add the app to that team or chat',
  ConversationBlockedByUser: 'the person has blocked the bot and can unblock it in the chat',
  BotDisabledByAdmin:
    'an administrator disabled the app; allow it in the Teams admin center under “Manage apps”',
  ConversationNotFound: 'check the conversation ID, and add the app there',
  MessageSizeTooBig: 'message exceeds the size limit of Teams even after truncation',
};

const checkCredentials = 'check MicrosoftAppId, MicrosoftAppPassword and MicrosoftAppTenantId';

/** An administrator can fix these: the message is kept and retried every minute. */
const unauthorizedHints: Readonly<Record<string, string>> = {
  BotNotRegistered: 'register the bot in Azure with this MicrosoftAppId, and add its Teams channel',
};
const retryableAfterMs = 60_000;

/** Temporary. 412 means two simultaneous requests in one conversation. */
const retryableStatuses = new Set([408, 412, 425, 429, 503]);

export interface ErrorContext {
  /** A second attempt does no harm, so an unknown outcome is simply retried. */
  readonly repeatable: boolean;
  /** The request concerns an earlier message, and 404 means that it was deleted. */
  readonly toMessage: boolean;
}

type Answered = Extract<TeamsFailure, { kind: 'answered' }>;

const toAnswerError = (
  operation: string,
  failure: Answered,
  context: ErrorContext,
  cause: ErrorOptions,
): ChatError => {
  const { status, code, retryAfterMs } = failure;
  const message = `${operation}: Teams answered ${status}${code === null ? '' : ` ${code}`}`;
  const retryable = (reason: string, ms: number | null): ChatError =>
    new ChatError(`${message}; ${reason}`, 'retryable', {
      ...cause,
      ...(ms === null ? {} : { retryAfterMs: ms }),
    });

  if (retryableStatuses.has(status)) return retryable('Quarterdeck will retry', retryAfterMs);
  if (status === 401) return retryable(unauthorizedHints[code ?? ''] ?? checkCredentials, retryableAfterMs);
  if (status >= 500 || status < 400)
    return new ChatError(message, context.repeatable ? 'retryable' : 'uncertain', cause);
  if (status === 404 && context.toMessage) return new ChatError(message, 'not_found', cause);
  if (status === 413) return new ChatError(`${message}; ${hints.MessageSizeTooBig}`, 'permanent', cause);
  // Teams names a code when it refuses; without one, a proxy answered.
  if (status === 403 && code === null)
    return retryable('something between the bot and Teams rejected it', retryableAfterMs);
  const hint = hints[code ?? ''] ?? (status === 404 ? hints.ConversationNotFound : undefined);
  return new ChatError(hint === undefined ? message : `${message}; ${hint}`, 'permanent', cause);
};

export const toChatError = (operation: string, error: unknown, context: ErrorContext): ChatError => {
  if (error instanceof ChatError) return error;
  const failure = readTeamsError(error);
  const cause = { cause: error };
  switch (failure.kind) {
    case 'answered':
      return toAnswerError(operation, failure, context, cause);
    case 'unreached':
      return new ChatError(`${operation}: Teams cannot be reached (${failure.why})`, 'retryable', cause);
    case 'unanswered':
      return new ChatError(
        `${operation}: Teams did not answer (${failure.why})`,
        context.repeatable ? 'retryable' : 'uncertain',
        cause,
      );
    case 'unsent':
      return new ChatError(
        `${operation}: no token for Teams (${failure.why}); ${checkCredentials}`,
        'retryable',
        { ...cause, retryAfterMs: retryableAfterMs },
      );
    default:
      return failure satisfies never;
  }
};
