import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebClient } from '@slack/web-api';
import { createEmulator } from 'emulate';
import express from 'express';
import { createLogger } from '../../../runtime/logger.ts';
import type { Dispatch, Invocation, Reply } from '../../platform.ts';
import type { Runs } from '../../runs/port.ts';
import { createSlack, type SlackTimings } from '../create-slack.ts';
import { botScopes } from '../scopes.ts';
import { openFlakyProxy } from './flaky-proxy.ts';
import { createSignedRequests } from './signed-requests.ts';
import { openSink } from './sink.ts';

export const signingSecret = 'a-signing-secret-for-tests';
const botToken = 'xoxb-test';
const peopleToken = 'xoxp-test';

const seed = {
  slack: {
    strict_scopes: true,
    users: [
      { name: 'ada', real_name: 'Ada', email: 'Ada@Example.com' },
      { name: 'grace', real_name: 'Grace', email: 'grace@example.com' },
      { name: 'nomail', real_name: 'Nobody', profile: { email: '' } },
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

export interface WorldOptions extends SlackTimings {
  readonly dispatch?: Dispatch;
  readonly runs?: Partial<Runs>;
  /** Slack is away from the beginning. */
  readonly away?: boolean;
}

const noRuns = { list: async () => [], waitingFor: async () => [] };

const quiet = createLogger('test', 'silent');

/** The Slack side of the bot as it runs, with an emulated Slack on the other side. */
export const openSlackWorld = async ({ dispatch, runs, away, ...timings }: WorldOptions = {}) => {
  const emulator = await createEmulator({ service: 'slack', port: 0, seed });
  const proxy = await openFlakyProxy(emulator.url);
  if (away) proxy.faults.set('*', ['reset']);
  const sink = await openSink();
  const app = express();
  const server = createServer(app);
  const invocations: Invocation[] = [];
  const answer: Dispatch = dispatch ?? (async () => agreed);
  const platform = createSlack(
    { mode: 'http', botToken, signingSecret, apiUrl: `${proxy.url}/api/` },
    {
      app,
      dispatch: (invocation) => {
        invocations.push(invocation);
        return answer(invocation);
      },
      runs: { ...noRuns, ...runs } as Runs,
      logger: quiet,
      publicUrl: 'https://quarterdeck.example.com',
    },
    timings,
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/slack/events`;
  await platform.start();

  const people = new WebClient(peopleToken, {
    slackApiUrl: `${emulator.url}/api/`,
    retryConfig: { retries: 0 },
  });
  const asBot = new WebClient(botToken, { slackApiUrl: `${emulator.url}/api/`, retryConfig: { retries: 0 } });
  const idOf = async (name: string): Promise<string> => {
    const { members = [] } = await people.users.list({});
    return members.find((member) => member.name === name)?.id ?? '';
  };
  const { channels = [] } = await people.conversations.list({});
  const channel = channels.find(({ name }) => name === 'deploys')?.id ?? '';

  return {
    platform,
    proxy,
    sink,
    url,
    channel,
    people,
    asBot,
    invocations,
    ada: await idOf('ada'),
    grace: await idOf('grace'),
    nomail: await idOf('nomail'),
    slack: createSignedRequests(url, signingSecret),
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
    close: async () => {
      await platform.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([sink.close(), proxy.close(), emulator.close()]);
    },
  };
};

export type SlackWorld = Awaited<ReturnType<typeof openSlackWorld>>;

export const agreed: Reply = {
  card: {
    title: 'Started',
    tone: 'good',
    summary: 'Deploying web to production',
    fields: [],
    sections: [{ type: 'text', text: 'Deploying web to production' }],
    buttons: [],
    footer: null,
  },
  to: 'asker',
};
