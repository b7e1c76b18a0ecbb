import { expect, test } from 'vitest';
import { z } from 'zod';
import { readEnv } from '../../runtime/env.ts';
import { checkSlackEnv, readSlackConfig, slackEnv } from './config.ts';

const read = (env: Record<string, string>) =>
  readSlackConfig(readEnv(z.object(slackEnv), env, [checkSlackEnv]));

const bot = { SLACK_BOT_TOKEN: 'xoxb-1' };

test('Without variables Slack is not configured', () => {
  expect(read({})).toBeNull();
});

test('A signing secret selects HTTP; an app token selects Socket Mode, even with a signing secret', () => {
  const secret = { SLACK_SIGNING_SECRET: 's' };
  const app = { SLACK_APP_TOKEN: 'xapp-1' };
  expect(read({ ...bot, ...secret })).toMatchObject({ mode: 'http', apiUrl: 'https://slack.com/api/' });
  expect(read({ ...bot, ...app })).toMatchObject({ mode: 'socket', appToken: 'xapp-1' });
  expect(read({ ...bot, ...secret, ...app })).toMatchObject({ mode: 'socket' });
});

test('The address of another Web API may end with or without a slash', () => {
  const other = { ...bot, SLACK_SIGNING_SECRET: 's', SLACK_API_URL: 'http://127.0.0.1:4003/api' };
  expect(read(other)).toMatchObject({ apiUrl: 'http://127.0.0.1:4003/api/' });
});

test.each([
  [bot, 'neither SLACK_SIGNING_SECRET nor SLACK_APP_TOKEN is'],
  [{ SLACK_SIGNING_SECRET: 's' }, 'without SLACK_BOT_TOKEN'],
  [{ SLACK_APP_TOKEN: 'xapp-1' }, 'without SLACK_BOT_TOKEN'],
  [{ SLACK_BOT_TOKEN: 'xoxp-secret', SLACK_SIGNING_SECRET: 's' }, 'which starts with xoxb-'],
  [{ SLACK_CLIENT_ID: '1.1' }, 'several workspaces is not available'],
])('The configuration %o is rejected with the missing variable', (env, why) => {
  expect(() => read(env)).toThrow(why);
  expect(() => read(env)).not.toThrow(/secret\b.*xoxp-secret|xoxp-secret/);
});
