import { createEmulator } from 'emulate';
import { botScopes } from '../bot/slack/manifest.ts';

export const signingSecret = 'a-signing-secret-for-benchmarks';
export const botToken = 'xoxb-bench';
const peopleToken = 'xoxp-bench';
const app = { app_id: 'A000000001', bot_id: 'B0QUARTERDECK', bot_user_id: 'U0QUARTERDECK' };

const seed = {
  slack: {
    users: [
      { name: 'ada', real_name: 'Ada', email: 'ada@example.com' },
      { name: 'grace', real_name: 'Grace', email: 'grace@example.com' },
    ],
    channels: [{ name: 'deploys' }],
    oauth_apps: [
      { ...app, client_id: '1.1', client_secret: 'unused', name: 'quarterdeck', redirect_uris: [] },
    ],
    tokens: [
      { ...app, token: botToken, user_id: app.bot_user_id, scopes: Object.keys(botScopes) },
      { token: peopleToken, user: 'ada', app_id: app.app_id, scopes: ['channels:read', 'users:read'] },
    ],
  },
};

/** An emulated Slack in this process, with a channel and two people. */
export interface SlackWorkspace {
  readonly apiUrl: string;
  readonly channel: string;
  readonly ada: string;
  readonly grace: string;
  close(): Promise<void>;
}

export const openSlackWorkspace = async (): Promise<SlackWorkspace> => {
  const emulator = await createEmulator({ service: 'slack', port: 0, seed });
  const apiUrl = `${emulator.url}/api/`;
  const list = async (method: string, field: string): Promise<readonly { id: string; name: string }[]> => {
    const headers = { authorization: `Bearer ${peopleToken}` };
    const answer = await fetch(`${apiUrl}${method}`, { method: 'POST', headers });
    return ((await answer.json()) as Record<string, { id: string; name: string }[]>)[field] ?? [];
  };
  const people = await list('users.list', 'members');
  const channels = await list('conversations.list', 'channels');
  const idOf = (all: typeof people, wanted: string): string => {
    const found = all.find(({ name }) => name === wanted);
    if (!found) throw new Error(`the emulated Slack has nothing named ${wanted}`);
    return found.id;
  };
  return {
    apiUrl,
    channel: idOf(channels, 'deploys'),
    ada: idOf(people, 'ada'),
    grace: idOf(people, 'grace'),
    close: () => emulator.close(),
  };
};
