import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Activity, InvokeResponse, TurnContext } from 'botbuilder';
import express from 'express';
import { pino } from 'pino';
import { createStrictAuth } from '../auth/strict-auth.ts';
import type { TeamsConfig } from '../config.ts';
import { type FailureLimit, messagesPath, mountMessagingEndpoint } from '../messaging-endpoint.ts';
import { openFakeTeams } from './fake-teams.ts';
import { createTeamsRequests } from './teams-requests.ts';

export interface FrontOptions {
  readonly config?: Partial<TeamsConfig>;
  readonly limits?: FailureLimit;
  readonly timeoutMs?: number;
}

/** The messaging endpoint over real HTTP, with the real SDK and a fake Teams. */
export const openFrontWorld = async ({ config, limits, timeoutMs }: FrontOptions = {}) => {
  const teams = await openFakeTeams();
  const app = express();
  const server = createServer(app);
  const auth = createStrictAuth({ ...teams.config, ...config }, timeoutMs === undefined ? {} : { timeoutMs });
  const turns: Activity[] = [];
  const logged: string[] = [];
  const state: { isAccepting: boolean; answer: (turn: TurnContext) => Promise<void> } = {
    isAccepting: true,
    answer: async () => undefined,
  };
  mountMessagingEndpoint({
    app,
    auth,
    onTurn: async (turn) => {
      turns.push(turn.activity);
      await state.answer(turn);
    },
    logger: pino({}, { write: (line: string) => void logged.push(line) }),
    isAccepting: () => state.isAccepting,
    ...(limits === undefined ? {} : { limits }),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${messagesPath}`;

  return {
    teams,
    auth,
    url,
    turns,
    logged,
    state,
    requests: createTeamsRequests(url, teams),
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await teams.close();
    },
  };
};

/** Gives the SDK the answer of an invoke. */
export const answerInvoke = async (turn: TurnContext, value: InvokeResponse): Promise<void> => {
  await turn.sendActivity({ type: 'invokeResponse', value });
};
