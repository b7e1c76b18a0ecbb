import { type Check, type Finding, fail, ok, toReason, warn } from './finding.ts';

const answerWithinMs = 10_000;
const signingSecretShape = /^[0-9a-f]{32}$/i;

interface SlackReceiverSettings {
  readonly token: string | null;
  readonly appToken: string | null;
  readonly signingSecret: string | null;
  /** Another Web API than Slack’s. */
  readonly apiUrl: string | null;
}

const askSlack = async (apiUrl: string | null, method: string, token: string) => {
  const response = await fetch(`${(apiUrl ?? 'https://slack.com/api').replace(/\/+$/, '')}/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(answerWithinMs),
  });
  return (await response.json()) as { readonly ok?: boolean; readonly error?: string };
};

/** Asks for a connection and does not make it: its address is a secret, and is left unread. */
const checkAppToken = async (apiUrl: string | null, appToken: string): Promise<Finding> => {
  try {
    const { ok: good, error } = await askSlack(apiUrl, 'apps.connections.open', appToken);
    if (good) return ok('Slack Socket Mode', 'SLACK_APP_TOKEN may connect');
    const todo =
      'Under “Basic Information”, make an app-level token with the scope connections:write, and switch on Socket Mode.';
    return fail('Slack Socket Mode', `SLACK_APP_TOKEN was refused: ${toReason(error)}`, todo);
  } catch (error) {
    const todo = 'Check the network, a proxy, or SLACK_API_URL.';
    return warn('Slack Socket Mode', `no answer: ${toReason(error)}`, todo);
  }
};

const checkSigningSecret = (signingSecret: string | null): Finding => {
  const todo = 'Copy the Signing Secret of “Basic Information”: 32 digits and letters from a to f.';
  if (signingSecret === null)
    return fail('Slack signing secret', 'SLACK_SIGNING_SECRET is not set', `${todo} Or set SLACK_APP_TOKEN.`);
  return signingSecretShape.test(signingSecret)
    ? ok('Slack signing secret', 'set')
    : fail('Slack signing secret', 'SLACK_SIGNING_SECRET does not look like one', todo);
};

/** How the bot hears Slack: over Socket Mode with an app token, else over HTTP with a signing secret. */
export const checkSlackReceiver =
  ({ token, appToken, signingSecret, apiUrl }: SlackReceiverSettings): Check =>
  async () => {
    if (token === null) return [];
    return [appToken === null ? checkSigningSecret(signingSecret) : await checkAppToken(apiUrl, appToken)];
  };
