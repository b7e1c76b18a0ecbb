// Separate file: every platform folder exports its factory here.
import type { PlatformFactory } from '../platform/platform-factory.ts';
import { checkSlackEnv, readSlackConfig, slackEnv } from './config.ts';
import { createSlack } from './create-slack.ts';

/** Slack: slash commands, mentions, buttons, dialogs, the Home page, and one message per run. */
export const slack: PlatformFactory<typeof slackEnv> = {
  name: 'slack',
  env: slackEnv,
  checks: [checkSlackEnv],
  create(env, deps) {
    const config = readSlackConfig(env);
    return config === null ? null : createSlack(config, deps);
  },
};
