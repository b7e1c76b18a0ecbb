import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';

/** What went wrong between us and Slack, in the four ways that matter. */
export type SlackFailure =
  | { readonly kind: 'refused'; readonly code: string; readonly needed: string | null }
  | { readonly kind: 'limited'; readonly retryAfterMs: number }
  /** The request did not come to Slack: nothing can have happened. */
  | { readonly kind: 'unreached'; readonly why: string }
  /** The request left and no answer came: it may have been carried out. */
  | { readonly kind: 'unanswered'; readonly why: string };

const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);

const codeOf = (error: unknown): string => {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string' && !at.code.startsWith('slack_')) return at.code;
    if ('original' in at && at.original instanceof Error) return codeOf(at.original);
    if (at.name === 'TimeoutError') return 'TIMEOUT';
  }
  return error instanceof Error ? error.name : 'unknown';
};

const isRefusal = (body: unknown): body is { readonly error: string } =>
  typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string';

const refusal = (body: { readonly error: string; readonly needed?: unknown }): SlackFailure => ({
  kind: 'refused',
  code: body.error,
  needed: typeof body.needed === 'string' ? body.needed : null,
});

export const readSlackError = (error: unknown): SlackFailure => {
  if (error instanceof WebAPIRateLimitedError)
    return { kind: 'limited', retryAfterMs: Math.max(1, error.retryAfter) * 1000 };
  if (error instanceof WebAPIPlatformError) return refusal(error.data);
  if (error instanceof WebAPIHTTPError) {
    if (isRefusal(error.body)) return refusal(error.body);
    // Slack itself refuses with 200 and words: anything else below 500 is a proxy on the way.
    return { kind: error.statusCode >= 500 ? 'unanswered' : 'unreached', why: `HTTP ${error.statusCode}` };
  }
  const code = codeOf(error);
  return beforeSending.has(code) ? { kind: 'unreached', why: code } : { kind: 'unanswered', why: code };
};
