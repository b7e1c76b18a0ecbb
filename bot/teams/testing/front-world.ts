import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Activity, InvokeResponse, TurnContext } from 'botbuilder';
import express from 'express';
import { pino } from 'pino';
import { createStrictAuth } from '../auth/strict-auth.ts';
import type { TeamsConfig } from '../config.ts';
import {
  type FailureLimit,
  messagesPath,
  mountMessagingEndpoint,
  TeamsAdapter,
} from '../messaging-endpoint.ts';
import { openFakeTeams } from './fake-teams.ts';
import { createTeamsRequests } from './teams-requests.ts';

export interface FrontOptions {
  readonly config?: Partial<TeamsConfig>;
  readonly limits?: FailureLimit;
  readonly timeoutMs?: number;
}

/** The bot's door for Teams over real HTTP, with the real SDK behind it and a fake Teams in front. */
export const openFrontWorld = async ({ config, limits, timeoutMs }: FrontOptions = {}) => {
  const teams = await openFakeTeams();
  const app = express();
  const server = createServer(app);
  const auth = createStrictAuth({ ...teams.config, ...config }, timeoutMs === undefined ? {} : { timeoutMs });
  const turns: Activity[] = [];
  const logged: string[] = [];
  const state: { open: boolean; answer: (turn: TurnContext) => Promise<void> } = {
    open: true,
    answer: async () => undefined,
  };
  mountMessagingEndpoint({
    app,
    auth,
    adapter: new TeamsAdapter(auth),
    onTurn: async (turn) => {
      turns.push(turn.activity);
      await state.answer(turn);
    },
    logger: pino({}, { write: (line: string) => void logged.push(line) }),
    isAccepting: () => state.open,
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

/** What a turn leaves behind for the SDK to answer an invoke with. */
export const answerInvoke = async (turn: TurnContext, value: InvokeResponse): Promise<void> => {
  await turn.sendActivity({ type: 'invokeResponse', value });
};
