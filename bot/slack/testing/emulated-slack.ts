import { WebClient } from '@slack/web-api';
import { createEmulator } from 'emulate';
import { botScopes } from '../manifest.ts';
import { openFlakyProxy } from './flaky-proxy.ts';

export const botToken = 'xoxb-test';
const peopleToken = 'xoxp-test';

const seed = {
  slack: {
    strict_scopes: true,
    users: [
      { name: 'ada', real_name: 'Ada', email: 'Ada@Example.com' },
      { name: 'grace', real_name: 'Grace', email: 'grace@example.com' },
      { name: 'nomail', real_name: 'No Mail', profile: { email: '' } },
    ],
    channels: [{ name: 'deploys' }],
    oauth_apps: [
      {
        app_id: 'A000000001',
        client_id: '1.1',
        client_secret: 'unused',
        name: 'quarterdeck',
        redirect_uris: [],
        bot_id: 'B0QUARTERDECK',
        bot_user_id: 'U0QUARTERDECK',
      },
    ],
    tokens: [
      {
        token: botToken,
        user_id: 'U0QUARTERDECK',
        app_id: 'A000000001',
        bot_id: 'B0QUARTERDECK',
        bot_user_id: 'U0QUARTERDECK',
        scopes: Object.keys(botScopes),
      },
      {
        token: peopleToken,
        user: 'ada',
        app_id: 'A000000001',
        scopes: [
          'channels:read',
          'channels:history',
          'users:read',
          'users:read.email',
          'im:read',
          'chat:write',
        ],
      },
    ],
  },
};

/** An emulated Slack that checks scopes, behind a proxy that injects faults. */
export const openEmulatedSlack = async () => {
  const emulator = await createEmulator({ service: 'slack', port: 0, seed });
  const proxy = await openFlakyProxy(emulator.url);
  const client = (token: string): WebClient =>
    new WebClient(token, { slackApiUrl: `${emulator.url}/api/`, retryConfig: { retries: 0 } });
  const people = client(peopleToken);
  const asBot = client(botToken);
  const { members = [] } = await people.users.list({});
  const idOf = (name: string): string => members.find((member) => member.name === name)?.id ?? '';
  const { channels = [] } = await people.conversations.list({});
  const channel = channels.find(({ name }) => name === 'deploys')?.id ?? '';
  return {
    /** Where a bot finds this Slack's Web API. */
    apiUrl: `${proxy.url}/api/`,
    proxy,
    people,
    asBot,
    channel,
    ada: idOf('ada'),
    grace: idOf('grace'),
    nomail: idOf('nomail'),
    /** A trigger as Slack makes one with a click: used once, for three seconds. */
    trigger: async (user: string): Promise<string> => {
      const made = await asBot.apiCall('views.generateTriggerId', { user_id: user });
      return (made as { trigger_id?: string }).trigger_id ?? '';
    },
    messages: async () => {
      const { messages = [] } = await people.conversations.history({ channel, include_all_metadata: true });
      return messages;
    },
    thread: async (ts: string) => {
      const { messages = [] } = await people.conversations.replies({ channel, ts });
      return messages.filter((message) => message.ts !== ts);
    },
    close: async (): Promise<void> => {
      await Promise.all([proxy.close(), emulator.close()]);
    },
  };
};
