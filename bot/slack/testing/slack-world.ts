import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createLogger } from '../../../runtime/logger.ts';
import type { Invocation, Reply } from '../../platform/platform.ts';
import type { Runs } from '../../runs/types.ts';
import { createTestDispatcher } from '../../testing/test-dispatch.ts';
import { createSlack, type SlackTimings } from '../create-slack.ts';
import { botToken, openEmulatedSlack } from './emulated-slack.ts';
import { createSignedRequests } from './signed-requests.ts';
import { openSink } from './sink.ts';

export const signingSecret = 'a-signing-secret-for-tests';

export interface WorldOptions extends SlackTimings {
  readonly dispatch?: (call: Invocation) => Promise<Reply>;
  readonly runs?: Partial<Runs>;
  /** Slack is away from the beginning. */
  readonly away?: boolean;
}

const noRuns = { list: async () => [], waitingFor: async () => [] };

const quiet = createLogger('test', 'silent');

/** The Slack side of the bot as it runs, with an emulated Slack on the other side. */
export const openSlackWorld = async ({ dispatch, runs, away, ...timings }: WorldOptions = {}) => {
  const { close: closeSlack, ...slack } = await openEmulatedSlack();
  if (away) slack.proxy.faults.set('*', ['reset']);
  const sink = await openSink();
  const app = express();
  const server = createServer(app);
  const invocations: Invocation[] = [];
  const answer = dispatch ?? (async () => agreed);
  const dispatcher = createTestDispatcher((invocation) => {
    invocations.push(invocation);
    return answer(invocation);
  });
  const platform = createSlack(
    { mode: 'http', botToken, signingSecret, apiUrl: slack.apiUrl },
    {
      app,
      dispatch: dispatcher.dispatch,
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

  /** Stops in the order of the bot's process. */
  const stop = async () => {
    await platform.stop();
    await dispatcher.settled();
  };

  return {
    platform,
    ...slack,
    sink,
    url,
    invocations,
    slack: createSignedRequests(url, signingSecret),
    stop,
    close: async () => {
      await stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([sink.close(), closeSlack()]);
    },
  };
};

export type SlackWorld = Awaited<ReturnType<typeof openSlackWorld>>;

export const agreed: Reply = {
  card: {
    kind: 'notice',
    title: 'Started',
    tone: 'good',
    summary: 'Deploying web to production',
    fields: [],
    sections: [{ type: 'text', text: 'Deploying web to production' }],
    buttons: [],
    footer: null,
  },
  outcome: 'accepted',
  visibility: 'ephemeral',
};
