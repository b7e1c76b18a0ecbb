import type { Logger } from '../../runtime/logger.ts';
import {
  type ConnectionProbe,
  createConnectionProbe,
  ProbeError,
  type ProbeIntervals,
} from '../platform/shared/connection-probe.ts';
import type { SlackClient } from './clients.ts';
import { readSlackError, type SlackFailure } from './slack-errors.ts';

/** The bot in its workspace, as auth.test names it. */
interface Identity {
  readonly teamId: string;
  readonly botId: string | null;
  readonly botUserId: string;
}

export interface Connection extends ConnectionProbe {
  /** null until Slack has answered once. */
  identity(): Identity | null;
}

export interface ConnectionOptions extends ProbeIntervals {
  readonly requiredScopes: readonly string[];
}

/** Errors of auth.test that only a new token ends: https://docs.slack.dev/reference/methods/auth.test */
const rejectedTokenCodes = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
]);

const toProbeError = (failure: SlackFailure): ProbeError => {
  switch (failure.kind) {
    case 'refused':
      return rejectedTokenCodes.has(failure.code)
        ? new ProbeError(
            `Slack rejected SLACK_BOT_TOKEN (${failure.code}); copy it again from “OAuth & Permissions”`,
            true,
          )
        : new ProbeError(`Slack answered ${failure.code}`);
    case 'limited':
      return new ProbeError(`Slack asked to wait ${failure.retryAfterMs / 1000} s`);
    default:
      return new ProbeError(`Slack does not answer (${failure.why})`);
  }
};

/** Calls auth.test at start and in the background: identity, granted scopes, and whether Slack answers. */
export const createConnection = (
  client: SlackClient,
  logger: Logger,
  { requiredScopes, ...intervals }: ConnectionOptions,
): Connection => {
  let identity: Identity | null = null;
  let reported = '';

  const reportMissingScopes = (granted: readonly string[] | undefined): void => {
    const missing = granted === undefined ? [] : requiredScopes.filter((scope) => !granted.includes(scope));
    const list = missing.join(', ');
    if (list !== '' && list !== reported)
      logger.warn({ missing }, 'the Slack app lacks scopes; reinstall it with its manifest');
    reported = list;
  };

  const check = async (): Promise<void> => {
    const answer = await client.auth.test().catch((error: unknown) => {
      throw toProbeError(readSlackError(error));
    });
    identity = {
      teamId: answer.team_id ?? '',
      botId: answer.bot_id ?? null,
      botUserId: answer.user_id ?? '',
    };
    reportMissingScopes(answer.response_metadata?.scopes);
  };

  return { ...createConnectionProbe('Slack', check, logger, intervals), identity: () => identity };
};
