import { ChatError } from '../../platform/errors.ts';
import { readRetryAfter, wasNeverSent } from '../outbound/teams-error.ts';
import type { Webhooks } from './config.ts';

/** Posts to a webhook by its name; throws `ChatError`, in which the address is never told. */
export type SendWebhook = (name: string, message: string) => Promise<void>;

export const toPlatformName = 'teams-webhook';

const codeOf = (error: unknown): string => {
  const cause = error instanceof Error ? error.cause : null;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'no connection';
};

const refusal = (doing: string, answer: Response): ChatError => {
  const { status } = answer;
  const said = `${doing}: the workflow answered ${status}`;
  const retryAfterMs = readRetryAfter(answer.headers.get('retry-after') ?? undefined);
  if (status === 429 || status === 408 || status >= 500)
    return new ChatError(said, 'retryable', retryAfterMs === null ? {} : { retryAfterMs });
  if (status === 413) return new ChatError(`${said}; the message is too large for it`, 'permanent');
  return new ChatError(
    `${said}; look whether the flow is switched on, and put its present address into TEAMS_WORKFLOWS_WEBHOOKS`,
    'permanent',
  );
};

export const createSendWebhook =
  (webhooks: Webhooks, timeoutMs = 10_000): SendWebhook =>
  async (name, message) => {
    const doing = `posting to ${toPlatformName}:${name}`;
    const url = webhooks.get(name);
    if (url === undefined)
      throw new ChatError(`${doing}: TEAMS_WORKFLOWS_WEBHOOKS has no “${name}”`, 'permanent');
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: message,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((error: unknown) => {
      const code = codeOf(error);
      // Without the error itself: it may hold the address.
      throw new ChatError(`${doing}: ${code}`, wasNeverSent(code) ? 'retryable' : 'uncertain');
    });
    await answer.body?.cancel();
    if (!answer.ok) throw refusal(doing, answer);
  };
