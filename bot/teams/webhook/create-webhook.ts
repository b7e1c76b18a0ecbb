import type { Conversation } from '../../../workflows/contract/conversation.ts';
import { ChatError, wasNeverSent } from '../../platform/errors.ts';
import type { Platform } from '../../platform/platform.ts';
import { withoutFile } from '../outbound/post-to-thread.ts';
import { readRetryAfter } from '../outbound/teams-errors.ts';
import type { Webhooks } from './config.ts';
import { renderWebhookMessage, toThreadCard } from './render.ts';

export const platformName = 'teams-webhook';

const defaultTimeoutMs = 10_000;
/** For each workflow, so that a burst of runs does not flood its channel. */
const messagesPerMinute = 20;

const findCode = (error: unknown): string => {
  const cause = error instanceof Error ? error.cause : null;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'no connection';
};

const toChatError = (operation: string, answer: Response): ChatError => {
  const { status } = answer;
  const message = `${operation}: the workflow answered ${status}`;
  const retryAfterMs = readRetryAfter(answer.headers.get('retry-after') ?? undefined);
  if (status === 429 || status === 408 || status >= 500)
    return new ChatError(message, 'retryable', retryAfterMs === null ? {} : { retryAfterMs });
  if (status === 413) return new ChatError(`${message}; message too large`, 'permanent');
  return new ChatError(
    `${message}; check that the flow is on, and update its address in TEAMS_WORKFLOWS_WEBHOOKS`,
    'permanent',
  );
};

/** Posts to a webhook by its name. Errors never contain its address, which is a secret. */
const createSend =
  (webhooks: Webhooks, timeoutMs: number) =>
  async (name: string, message: string): Promise<void> => {
    const operation = `posting to ${platformName}:${name}`;
    const url = webhooks.get(name);
    if (url === undefined)
      throw new ChatError(`${operation}: TEAMS_WORKFLOWS_WEBHOOKS has no “${name}”`, 'permanent');
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: message,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((error: unknown) => {
      const code = findCode(error);
      // Without the error as cause: it may contain the address.
      throw new ChatError(`${operation}: ${code}`, wasNeverSent(code) ? 'retryable' : 'uncertain');
    });
    await answer.body?.cancel();
    if (!answer.ok) throw toChatError(operation, answer);
  };

const toWebhookName = (to: Conversation): string => {
  const name = to.startsWith(`${platformName}:`) ? to.slice(platformName.length + 1) : '';
  if (!/^[a-z0-9-]+$/.test(name))
    throw new ChatError(
      `posting to ${to}: not a webhook; write ${platformName}:<name>, with a name from TEAMS_WORKFLOWS_WEBHOOKS`,
      'permanent',
    );
  return name;
};

/** Notifications through Power Automate workflows, for tenants that do not allow bots. */
export const createTeamsWebhook = (
  webhooks: Webhooks,
  publicUrl: string | null,
  timeoutMs = defaultTimeoutMs,
): Platform => {
  const send = createSend(webhooks, timeoutMs);
  return {
    name: platformName,
    notifyOnly: true,
    messagesPerMinute,
    rateLimitScope: 'conversation',
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    unreadyReason: () => Promise.resolve(null),
    async post(to, card) {
      const name = toWebhookName(to);
      await send(name, renderWebhookMessage(card));
      // A workflow returns no message ID, so the reference has what later messages need.
      return `${name} ${card.title}`;
    },
    // A posted message cannot be changed; later events are separate messages.
    edit: () => Promise.resolve(),
    async reply(ref, post, { workflowId }) {
      const [name = ''] = ref.split(' ', 1);
      const title = ref.slice(name.length + 1);
      const message = withoutFile(post, workflowId, publicUrl);
      await send(name, renderWebhookMessage(toThreadCard(title, message, workflowId, publicUrl)));
    },
  };
};
