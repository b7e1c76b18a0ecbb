import { z } from 'zod';
import type { EnvironmentCheck } from '../../runtime/env.ts';

/** The path for slash commands, interactions and events; the manifest names it as the Request URL. */
export const eventsPath = '/slack/events';

const token = (prefix: string, what: string) =>
  z
    .string()
    .startsWith(prefix, { error: `should be ${what}, which starts with ${prefix}` })
    .optional();

export const slackEnv = {
  SLACK_BOT_TOKEN: token('xoxb-', 'the bot token of “OAuth & Permissions”'),
  SLACK_SIGNING_SECRET: z.string().optional(),
  SLACK_APP_TOKEN: token('xapp-', 'an app-level token with connections:write'),
  SLACK_API_URL: z.url({ protocol: /^https?$/, error: 'should be an http or https address' }).optional(),
  SLACK_CLIENT_ID: z.string().optional(),
  SLACK_CLIENT_SECRET: z.string().optional(),
  SLACK_STATE_SECRET: z.string().optional(),
};

export type SlackEnv = z.output<z.ZodObject<typeof slackEnv>>;

export type SlackConfig = { readonly botToken: string; readonly apiUrl: string } & (
  | { readonly mode: 'http'; readonly signingSecret: string }
  | { readonly mode: 'socket'; readonly appToken: string }
);

const validCombinations =
  'set SLACK_BOT_TOKEN with SLACK_SIGNING_SECRET (HTTP) or with SLACK_APP_TOKEN (Socket Mode), or set none of them';

/** Rejects half a configuration at start: a bot that receives nothing looks healthy. */
export const checkSlackEnv: EnvironmentCheck = (env) => {
  const bot = env.SLACK_BOT_TOKEN;
  const receivers = ['SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN'].filter((name) => env[name]);
  const multiWorkspace = ['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET', 'SLACK_STATE_SECRET'].filter(
    (name) => env[name],
  );
  return [
    ...(bot && receivers.length === 0
      ? [
          `SLACK_BOT_TOKEN is set, but neither SLACK_SIGNING_SECRET nor SLACK_APP_TOKEN is: ${validCombinations}`,
        ]
      : []),
    ...(!bot && receivers.length > 0
      ? [`${receivers.join(' and ')} set without SLACK_BOT_TOKEN: ${validCombinations}`]
      : []),
    ...(multiWorkspace.length > 0
      ? [
          `${multiWorkspace.join(', ')} set, but installing into several workspaces is not available; ${validCombinations}`,
        ]
      : []),
  ];
};

/** null when Slack is not configured. An app token means Socket Mode: Slack then sends nothing over HTTP. */
export const readSlackConfig = (env: SlackEnv): SlackConfig | null => {
  if (env.SLACK_BOT_TOKEN === undefined) return null;
  const apiUrl = (env.SLACK_API_URL ?? 'https://slack.com/api/').replace(/\/*$/, '/');
  const shared = { botToken: env.SLACK_BOT_TOKEN, apiUrl };
  if (env.SLACK_APP_TOKEN !== undefined) return { ...shared, mode: 'socket', appToken: env.SLACK_APP_TOKEN };
  if (env.SLACK_SIGNING_SECRET === undefined) return null;
  return { ...shared, mode: 'http', signingSecret: env.SLACK_SIGNING_SECRET };
};
