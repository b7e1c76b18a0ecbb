import { type Check, type Finding, fail, ok, toReason, warn } from './finding.ts';

const timeoutMs = 10_000;
const signingSecretPattern = /^[0-9a-f]{32}$/i;
const networkFix = 'Check the network, a proxy, or SLACK_API_URL.';

interface SlackSettings {
  /** null: Slack is not connected. */
  readonly token: string | null;
  /** Replaces Slack’s Web API; null for Slack’s own. */
  readonly apiUrl: string | null;
}

interface SlackResponse {
  readonly ok?: boolean;
  readonly error?: string;
  readonly team?: string;
  readonly user?: string;
}

const callSlack = async (apiUrl: string | null, method: string, token: string) => {
  const response = await fetch(`${(apiUrl ?? 'https://slack.com/api').replace(/\/+$/, '')}/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(timeoutMs),
  });
  const scopes = response.headers.get('x-oauth-scopes');
  return { body: (await response.json()) as SlackResponse, scopes };
};

const checkScopes = (granted: string | null, required: readonly string[]): readonly Finding[] => {
  if (granted === null) return [];
  const has = new Set(granted.split(',').map((scope) => scope.trim()));
  const missing = required.filter((scope) => !has.has(scope));
  return missing.length === 0
    ? [ok('Slack scopes', 'all granted')]
    : [
        fail(
          'Slack scopes',
          `missing: ${missing.join(', ')}`,
          'Update the app from the manifest of bot/slack, then reinstall it to the workspace.',
        ),
      ];
};

/** The bot token and its scopes. */
export const checkSlack =
  ({ token, apiUrl, scopes }: SlackSettings & { readonly scopes: readonly string[] }): Check =>
  async () => {
    if (token === null)
      return [warn('Slack', 'not connected', 'Set SLACK_BOT_TOKEN. The console works without Slack.')];
    try {
      const { body, scopes: granted } = await callSlack(apiUrl, 'auth.test', token);
      if (!body.ok)
        return [
          fail('Slack', `token rejected: ${body.error}`, 'Copy the Bot User OAuth Token from Slack again.'),
        ];
      return [ok('Slack', `${body.user} in ${body.team}`), ...checkScopes(granted, scopes)];
    } catch (error) {
      return [warn('Slack', `no response: ${toReason(error)}`, networkFix)];
    }
  };

/** Requests a Socket Mode URL but does not connect. The URL is a secret, so it is not read. */
const checkAppToken = async (apiUrl: string | null, appToken: string): Promise<Finding> => {
  try {
    const { body } = await callSlack(apiUrl, 'apps.connections.open', appToken);
    if (body.ok) return ok('Slack Socket Mode', 'SLACK_APP_TOKEN can connect');
    return fail(
      'Slack Socket Mode',
      `SLACK_APP_TOKEN rejected: ${toReason(body.error)}`,
      'Under “Basic Information”, create an app-level token with the scope connections:write. Then enable Socket Mode.',
    );
  } catch (error) {
    return warn('Slack Socket Mode', `no response: ${toReason(error)}`, networkFix);
  }
};

const checkSigningSecret = (signingSecret: string | null): Finding => {
  const fix = 'Copy the Signing Secret from “Basic Information” (32 hexadecimal digits).';
  if (signingSecret === null)
    return fail('Slack signing secret', 'SLACK_SIGNING_SECRET is not set', `${fix} Or set SLACK_APP_TOKEN.`);
  return signingSecretPattern.test(signingSecret)
    ? ok('Slack signing secret', 'set')
    : fail('Slack signing secret', 'SLACK_SIGNING_SECRET has the wrong format', fix);
};

export interface SlackReceiverSettings extends SlackSettings {
  readonly appToken: string | null;
  readonly signingSecret: string | null;
}

/** How the bot receives events: over Socket Mode with an app token, else over HTTP with a signing secret. */
export const checkSlackReceiver =
  ({ token, appToken, signingSecret, apiUrl }: SlackReceiverSettings): Check =>
  async () => {
    if (token === null) return [];
    return [appToken === null ? checkSigningSecret(signingSecret) : await checkAppToken(apiUrl, appToken)];
  };
