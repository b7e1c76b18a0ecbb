import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { ChatError, wasNeverSent } from '../platform/errors.ts';

/** Why a Slack request failed. */
export type SlackFailure =
  /** Slack answered `ok: false`. `needed` is the missing scope. */
  | { readonly kind: 'refused'; readonly code: string; readonly needed: string | null }
  | { readonly kind: 'limited'; readonly retryAfterMs: number }
  /** The request never reached Slack: nothing can have happened. */
  | { readonly kind: 'unreached'; readonly why: string }
  /** The request left and no answer came: Slack may have carried it out. */
  | { readonly kind: 'unanswered'; readonly why: string };

const findCode = (error: unknown): string => {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string' && !at.code.startsWith('slack_')) return at.code;
    if ('original' in at && at.original instanceof Error) return findCode(at.original);
    if (at.name === 'TimeoutError') return 'TIMEOUT';
  }
  return error instanceof Error ? error.name : 'unknown';
};

const isRefusal = (body: unknown): body is { readonly error: string } =>
  typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string';

const toRefusal = (body: { readonly error: string; readonly needed?: unknown }): SlackFailure => ({
  kind: 'refused',
  code: body.error,
  needed: typeof body.needed === 'string' ? body.needed : null,
});

export const readSlackError = (error: unknown): SlackFailure => {
  if (error instanceof WebAPIRateLimitedError)
    return { kind: 'limited', retryAfterMs: Math.max(1, error.retryAfter) * 1000 };
  if (error instanceof WebAPIPlatformError) return toRefusal(error.data);
  if (error instanceof WebAPIHTTPError) {
    if (isRefusal(error.body)) return toRefusal(error.body);
    // Slack refuses with status 200 and a code; any other status below 500 comes from a proxy.
    return { kind: error.statusCode >= 500 ? 'unanswered' : 'unreached', why: `HTTP ${error.statusCode}` };
  }
  const code = findCode(error);
  return { kind: wasNeverSent(code) ? 'unreached' : 'unanswered', why: code };
};

// The codes below are listed under “Errors” of the methods that the bot calls:
// https://docs.slack.dev/reference/methods/chat.postMessage
// https://docs.slack.dev/reference/methods/chat.update
const notFoundCodes = new Set([
  'message_not_found',
  'thread_not_found',
  'cannot_reply_to_message',
  // Posted by another installation of the app, or too long ago: only a new message can replace it.
  'cant_update_message',
  'edit_window_closed',
]);

const retries = 'Quarterdeck will retry';
const reinstall = 'reinstall the app and set its new SLACK_BOT_TOKEN';
/** Temporary, or fixed by an administrator: the message is kept and retried every minute. */
const retryableCodes: Readonly<Record<string, string>> = {
  invalid_auth: 'set a valid SLACK_BOT_TOKEN',
  not_authed: 'set a valid SLACK_BOT_TOKEN',
  account_inactive: reinstall,
  token_revoked: reinstall,
  token_expired: reinstall,
  missing_scope: 'reinstall the app with the scopes of its manifest',
  team_access_not_granted: 'give the app access to the workspace',
  org_login_required: `the workspace is moving to an organization; ${retries}`,
  team_added_to_org: `the workspace is moving to an organization; ${retries}`,
  ekm_access_denied: 'a workspace admin revoked access to Enterprise Key Management',
  accesslimited: retries,
  ratelimited: retries,
  rate_limited: retries,
  message_limit_exceeded: retries,
  service_unavailable: retries,
};
const retryableAfterMs = 60_000;

/** Slack failed halfway: the message may exist. */
const uncertainCodes = new Set(['fatal_error', 'internal_error', 'request_timeout']);

const hints: Readonly<Record<string, string>> = {
  not_in_channel: 'invite the bot to the channel',
  channel_not_found: 'check the channel ID; invite the bot if the channel is private',
  is_archived: 'the channel is archived',
  restricted_action: 'a workspace setting prevents the bot from posting there',
};

/** `repeatable`: a second attempt does no harm, so an unknown outcome is simply retried. */
export const toChatError = (operation: string, error: unknown, repeatable = false): ChatError => {
  const failure = readSlackError(error);
  const cause = { cause: error };
  const uncertain = repeatable ? 'retryable' : 'uncertain';
  switch (failure.kind) {
    case 'limited':
      return new ChatError(
        `${operation}: Slack asked to wait ${failure.retryAfterMs / 1000} s`,
        'retryable',
        { ...cause, retryAfterMs: failure.retryAfterMs },
      );
    case 'unreached':
      return new ChatError(`${operation}: Slack cannot be reached (${failure.why})`, 'retryable', cause);
    case 'unanswered':
      return new ChatError(`${operation}: Slack did not answer (${failure.why})`, uncertain, cause);
    case 'refused': {
      const { code, needed } = failure;
      const message = `${operation}: Slack answered ${code}${needed === null ? '' : ` (needs ${needed})`}`;
      if (notFoundCodes.has(code)) return new ChatError(message, 'not_found', cause);
      if (uncertainCodes.has(code)) return new ChatError(message, uncertain, cause);
      const fix = retryableCodes[code];
      if (fix !== undefined)
        return new ChatError(`${message}; ${fix}`, 'retryable', { ...cause, retryAfterMs: retryableAfterMs });
      const hint = hints[code];
      return new ChatError(hint === undefined ? message : `${message}; ${hint}`, 'permanent', cause);
    }
    default:
      return failure satisfies never;
  }
};
