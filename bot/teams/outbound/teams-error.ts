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
