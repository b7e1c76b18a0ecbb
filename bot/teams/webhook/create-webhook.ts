import type { Conversation } from '../../../workflows/contract/conversation.ts';
import { ChatError } from '../../platform/errors.ts';
import type { Platform } from '../../platform/platform.ts';
import { withoutFile } from '../outbound/post-to-thread.ts';
import { readRetryAfter, wasNeverSent } from '../outbound/teams-errors.ts';
import type { Webhooks } from './config.ts';
import { renderWebhookMessage, toThreadCard } from './render.ts';

/** Posts to a webhook by its name; throws `ChatError`, in which the address is never told. */
export type SendWebhook = (name: string, message: string) => Promise<void>;

export const platformName = 'teams-webhook';

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
    const doing = `posting to ${platformName}:${name}`;
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

const nameOf = (to: Conversation): string => {
  const name = to.startsWith(`${platformName}:`) ? to.slice(platformName.length + 1) : '';
  if (!/^[a-z0-9-]+$/.test(name))
    throw new ChatError(
      `posting to ${to}: write it as ${platformName}:<name>, with a name of TEAMS_WORKFLOWS_WEBHOOKS`,
      'permanent',
    );
  return name;
};

/** Teams where no bot may be installed: runs are told of through a Power Automate workflow, one way. */
export const createTeamsWebhook = (
  webhooks: Webhooks,
  publicUrl: string | null,
  timeoutMs?: number,
): Platform => {
  const send = createSendWebhook(webhooks, timeoutMs);
  return {
    name: platformName,
    notifyOnly: true,
    messagesPerMinute: 20,
    rateLimitScope: 'conversation',
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    unreadyReason: () => Promise.resolve(null),
    async post(to, card) {
      const name = nameOf(to);
      await send(name, renderWebhookMessage(card));
      // Nothing can be asked of a message there, so its reference is what later ones need of it.
      return `${name} ${card.title}`;
    },
    // What was posted stays as it is; all that matters later comes as a message of its own.
    edit: () => Promise.resolve(),
    async reply(ref, post, { workflowId }) {
      const [name = ''] = ref.split(' ', 1);
      const title = ref.slice(name.length + 1);
      const told = withoutFile(post, workflowId, publicUrl);
      await send(name, renderWebhookMessage(toThreadCard(title, told, workflowId, publicUrl)));
    },
  };
};
