import { type Check, fail, ok, toReason, warn } from './finding.ts';

const answerWithinMs = 10_000;

interface SlackSettings {
  readonly token: string | null;
  /** Another Web API than Slack’s. */
  readonly apiUrl: string | null;
  /** What the app must be allowed to do. */
  readonly scopes: readonly string[];
}

/** The bot's token, and whether it may do what the bot does. */
export const checkSlack =
  ({ token, apiUrl, scopes }: SlackSettings): Check =>
  async () => {
    if (token === null)
      return [warn('Slack', 'not connected', 'Set SLACK_BOT_TOKEN; the console works without.')];
    try {
      const response = await fetch(`${(apiUrl ?? 'https://slack.com/api').replace(/\/+$/, '')}/auth.test`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(answerWithinMs),
      });
      const answer = (await response.json()) as {
        ok?: boolean;
        error?: string;
        team?: string;
        user?: string;
      };
      if (!answer.ok)
        return [
          fail('Slack', `the token was refused: ${answer.error}`, 'Copy the Bot User OAuth Token again.'),
        ];
      const connected = ok('Slack', `${answer.user} in ${answer.team}`);
      const granted = response.headers.get('x-oauth-scopes');
      if (granted === null) return [connected];
      const has = new Set(granted.split(',').map((scope) => scope.trim()));
      const lacking = scopes.filter((scope) => !has.has(scope));
      if (lacking.length === 0) return [connected, ok('Slack scopes', 'all granted')];
      const todo = 'Update the app from bot/slack’s manifest and install it to the workspace again.';
      return [connected, fail('Slack scopes', `missing: ${lacking.join(', ')}`, todo)];
    } catch (error) {
      return [
        warn('Slack', `no answer: ${toReason(error)}`, 'Check the network, a proxy, or SLACK_API_URL.'),
      ];
    }
  };
