import type { PlatformFactory } from '../../platform/platform-factory.ts';
import { checkWebhookEnv, readWebhooks, webhookEnv } from './config.ts';
import { createTeamsWebhook } from './create-webhook.ts';
import { toPlatformName } from './send.ts';

/** Teams by Workflows webhooks: tells, and hears nothing. */
export const teamsWebhook: PlatformFactory<typeof webhookEnv> = {
  name: toPlatformName,
  env: webhookEnv,
  checks: [checkWebhookEnv],
  create(env, { publicUrl }) {
    const webhooks = readWebhooks(env);
    return webhooks === null ? null : createTeamsWebhook(webhooks, publicUrl);
  },
};
