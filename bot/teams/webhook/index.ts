// Separate file: every platform folder exports its factory here.
import type { PlatformFactory } from '../../platform/platform-factory.ts';
import { checkWebhookEnv, readWebhooks, webhookEnv } from './config.ts';
import { createTeamsWebhook, platformName } from './create-webhook.ts';

/** Teams through Workflows webhooks: notifications only. */
export const teamsWebhook: PlatformFactory<typeof webhookEnv> = {
  name: platformName,
  env: webhookEnv,
  checks: [checkWebhookEnv],
  create(env, { publicUrl }) {
    const webhooks = readWebhooks(env);
    return webhooks === null ? null : createTeamsWebhook(webhooks, publicUrl);
  },
};
