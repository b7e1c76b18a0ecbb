import { ChatError } from '../platform/errors.ts';
import { readSlackError } from './slack-error.ts';

const notFoundCodes = new Set([
  'message_not_found',
  'thread_not_found',
  'cannot_reply_to_message',
  // Posted by another installation of the app, or too long ago: a new message does what this one cannot.
  'cant_update_message',
  'edit_window_closed',
]);

/** These pass, or somebody can mend them without us; until then nothing is thrown away. */
const retryableCodes: Readonly<Record<string, string>> = {
  invalid_auth: 'set a SLACK_BOT_TOKEN that is valid',
  not_authed: 'set a SLACK_BOT_TOKEN that is valid',
  account_inactive: 'install the app again and set its new SLACK_BOT_TOKEN',
  token_revoked: 'install the app again and set its new SLACK_BOT_TOKEN',
  token_expired: 'install the app again and set its new SLACK_BOT_TOKEN',
  missing_scope: 'install the app again with the scopes of the manifest',
  team_access_not_granted: 'give the app access to the workspace',
  org_login_required: 'it is tried again while the workspace moves into its organization',
  team_added_to_org: 'it is tried again while the workspace moves into its organization',
  ekm_access_denied: 'an administrator has taken the keys of the workspace away for now',
  accesslimited: 'it is tried again',
  ratelimited: 'it is tried again',
  rate_limited: 'it is tried again',
  message_limit_exceeded: 'it is tried again',
  service_unavailable: 'it is tried again',
};

/** Slack says these when something broke half-way. */
const uncertainCodes = new Set(['fatal_error', 'internal_error', 'request_timeout']);

const hints: Readonly<Record<string, string>> = {
  not_in_channel: 'invite the bot into the channel',
  channel_not_found: 'check the channel id, and invite the bot where the channel is private',
  is_archived: 'the channel is archived',
  restricted_action: 'a workspace setting keeps the bot from posting there',
};

/** `repeatable`: doing it twice is harmless, so an unclear outcome is simply tried again. */
export const toChatError = (doing: string, error: unknown, repeatable = false): ChatError => {
  const failure = readSlackError(error);
  const cause = { cause: error };
  switch (failure.kind) {
    case 'limited':
      return new ChatError(`${doing}: Slack asks to wait ${failure.retryAfterMs / 1000} s`, 'retryable', {
        ...cause,
        retryAfterMs: failure.retryAfterMs,
      });
    case 'unreached':
      return new ChatError(`${doing}: Slack cannot be reached (${failure.why})`, 'retryable', cause);
    case 'unanswered':
      return new ChatError(
        `${doing}: Slack did not answer (${failure.why})`,
        repeatable ? 'retryable' : 'uncertain',
        cause,
      );
    case 'refused': {
      const { code, needed } = failure;
      const said = `${doing}: Slack answered ${code}${needed === null ? '' : ` (needs ${needed})`}`;
      if (notFoundCodes.has(code)) return new ChatError(said, 'not_found', cause);
      if (uncertainCodes.has(code)) return new ChatError(said, repeatable ? 'retryable' : 'uncertain', cause);
      const mend = retryableCodes[code];
      if (mend !== undefined)
        return new ChatError(`${said}; ${mend}`, 'retryable', { ...cause, retryAfterMs: 60_000 });
      const hint = hints[code];
      return new ChatError(hint === undefined ? said : `${said}; ${hint}`, 'permanent', cause);
    }
    default:
      return failure satisfies never;
  }
};
