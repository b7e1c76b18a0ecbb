import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createLogger } from '../../../runtime/logger.ts';
import { commandSpecs } from '../../commands/index.ts';
import type { Invocation, Reply } from '../../platform/platform.ts';
import type { PlatformStore } from '../../platform/platform-factory.ts';
import type { Runs } from '../../runs/types.ts';
import { createTestDispatcher } from '../../testing/test-dispatch.ts';
import type { TeamsConfig } from '../config.ts';
import { createTeams, type TeamsTimings } from '../create-teams.ts';
import { messagesPath } from '../messaging-endpoint.ts';
import { openFakeTeams } from './fake-teams.ts';
import { createTeamsRequests } from './teams-requests.ts';

export interface WorldOptions extends TeamsTimings {
  readonly config?: Partial<TeamsConfig>;
  readonly dispatch?: (call: Invocation) => Promise<Reply>;
  readonly runs?: Partial<Runs>;
  /** Microsoft is away from the beginning. */
  readonly away?: boolean;
  /** Replaces the working store. */
  readonly store?: PlatformStore;
}

/** A store in memory. */
const createMemoryStore = (): PlatformStore & { readonly held: Map<string, unknown> } => {
  const held = new Map<string, unknown>();
  return {
    held,
    get: async (key) => held.get(key) ?? null,
    set: async (key, value) => {
      held.set(key, structuredClone(value));
    },
    delete: async (key) => {
      held.delete(key);
    },
  };
};

/** The Teams side of the bot as it runs, with a fake Teams on the other side. */
export const openTeamsWorld = async (options: WorldOptions = {}) => {
  const { config, dispatch, runs, away, store: otherStore, ...timings } = options;
  const teams = await openFakeTeams();
  if (away) teams.fault({ path: /./ }, 'reset', 'always');
  const app = express();
  const server = createServer(app);
  const store = createMemoryStore();
  const invocations: Invocation[] = [];
  const answer = dispatch ?? (async () => agreed);
  const dispatcher = createTestDispatcher((invocation) => {
    invocations.push(invocation);
    return answer(invocation);
  });
  const platform = createTeams(
    { ...teams.config, ...config },
    {
      app,
      dispatch: dispatcher.dispatch,
      runs: { get: async () => null, ...runs } as Runs,
      commands: commandSpecs,
      store: otherStore ?? store,
      logger: createLogger('test', 'silent'),
      publicUrl: 'https://quarterdeck.example.com',
    },
    timings,
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}${messagesPath}`;

  /** Stops in the order of the bot's process. */
  const stop = async () => {
    await platform.stop();
    await dispatcher.settled();
  };

  return {
    teams,
    platform,
    store,
    url,
    invocations,
    requests: createTeamsRequests(url, teams),
    stop,
    close: async () => {
      await stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await teams.close();
    },
  };
};

export type TeamsWorld = Awaited<ReturnType<typeof openTeamsWorld>>;

const agreed: Reply = {
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
