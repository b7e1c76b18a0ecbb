import type { Logger } from '../../runtime/logger.ts';
import type { SlackClient } from './clients.ts';
import { readSlackError } from './slack-error.ts';

/** Who we are in the workspace, once Slack has said so. */
interface Identity {
  readonly teamId: string;
  readonly botId: string | null;
  readonly botUserId: string;
}

export interface Connection {
  /** Asks once and goes on asking in the background; rejects only when the token is refused. */
  start(): Promise<void>;
  stop(): void;
  identity(): Identity | null;
  unreadyReason(): string | null;
}

const refusals = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
]);

export interface ConnectionOptions {
  readonly firstRetryMs?: number;
  readonly maxRetryMs?: number;
  readonly recheckMs?: number;
  readonly wantedScopes: readonly string[];
}

export const createConnection = (
  client: SlackClient,
  logger: Logger,
  { firstRetryMs = 1000, maxRetryMs = 30_000, recheckMs = 60_000, wantedScopes }: ConnectionOptions,
): Connection => {
  let identity: Identity | null = null;
  let trouble: string | null = 'Slack has not answered yet';
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  let told = '';

  const tell = (scopes: readonly string[] | undefined): void => {
    const missing = wantedScopes.filter((scope) => scopes !== undefined && !scopes.includes(scope));
    const words = missing.join(', ');
    if (words !== '' && words !== told)
      logger.warn({ missing }, 'the Slack app lacks scopes; install it again with the manifest');
    told = words;
  };

  /** null when all is well, else the code of the refusal or the reason in words. */
  const ask = async (): Promise<{ refused: string | null }> => {
    try {
      const answer = await client.auth.test();
      if (identity === null || trouble !== null) logger.info({ team: answer.team }, 'connected to Slack');
      identity = {
        teamId: answer.team_id ?? '',
        botId: answer.bot_id ?? null,
        botUserId: answer.user_id ?? '',
      };
      trouble = null;
      tell(answer.response_metadata?.scopes);
      return { refused: null };
    } catch (error) {
      const failure = readSlackError(error);
      const refused = failure.kind === 'refused' && refusals.has(failure.code) ? failure.code : null;
      const words =
        failure.kind === 'refused'
          ? `Slack answers ${failure.code}`
          : failure.kind === 'limited'
            ? 'Slack asks to wait'
            : `Slack does not answer (${failure.why})`;
      if (words !== trouble) logger.warn({ error: words }, 'not connected to Slack');
      trouble = words;
      return { refused };
    }
  };

  const plan = (delay: number): void => {
    if (stopped) return;
    timer = setTimeout(
      () => {
        void ask().then(() => plan(trouble === null ? recheckMs : Math.min(delay * 2, maxRetryMs)));
      },
      trouble === null ? recheckMs : delay,
    );
    timer.unref();
  };

  return {
    async start() {
      const { refused } = await ask();
      if (refused !== null)
        throw new Error(
          `connecting to Slack: it refuses SLACK_BOT_TOKEN (${refused}); copy it again from “OAuth & Permissions”`,
        );
      plan(firstRetryMs);
    },
    stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
    },
    identity: () => identity,
    unreadyReason: () => trouble,
  };
};
