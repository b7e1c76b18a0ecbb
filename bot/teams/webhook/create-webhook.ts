import type { Conversation } from '../../../workflows/contract/conversation.ts';
import { ChatError } from '../../platform/errors.ts';
import type { Platform } from '../../platform/platform.ts';
import { withoutFile } from '../outbound/thread.ts';
import type { Webhooks } from './config.ts';
import { renderWebhookMessage, toThreadCard } from './render.ts';
import { createSendWebhook, toPlatformName } from './send.ts';

const nameOf = (to: Conversation): string => {
  const name = to.startsWith(`${toPlatformName}:`) ? to.slice(toPlatformName.length + 1) : '';
  if (!/^[a-z0-9-]+$/.test(name))
    throw new ChatError(
      `posting to ${to}: write it as ${toPlatformName}:<name>, with a name of TEAMS_WORKFLOWS_WEBHOOKS`,
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
    name: toPlatformName,
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
