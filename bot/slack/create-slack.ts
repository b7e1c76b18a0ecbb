import { App } from '@slack/bolt';
import { createInFlight } from '../in-flight.ts';
import type { Platform } from '../platform.ts';
import type { PlatformDeps } from '../platform-factory.ts';
import { createReplyTo } from '../reply-to.ts';
import { createFindPerson } from './actor.ts';
import { createClients, type Timeouts } from './clients.ts';
import type { SlackConfig } from './config.ts';
import { type ConnectionOptions, createConnection } from './connection.ts';
import { platformName } from './conversation.ts';
import { createEars } from './ears.ts';
import { createShowHome } from './home.ts';
import { listenToActions } from './listeners/actions.ts';
import { listenToCommands } from './listeners/commands.ts';
import { listenToHome } from './listeners/home.ts';
import { listenToMentions } from './listeners/mentions.ts';
import { listenToViews } from './listeners/views.ts';
import { createFindMentions } from './mentions.ts';
import { createPosting } from './post.ts';
import { botScopes } from './scopes.ts';
import { slackLogger as toSlackLogger } from './slack-logger.ts';
import { createTell } from './tell.ts';
import { createThread } from './thread.ts';

export type SlackDeps = Pick<PlatformDeps, 'app' | 'dispatch' | 'runs' | 'logger' | 'publicUrl'>;

/** Times that tests make shorter. */
export interface SlackTimings extends Omit<ConnectionOptions, 'wantedScopes'> {
  readonly ackWithinMs?: number;
  readonly timeouts?: Timeouts;
  readonly socketRetryMs?: number;
}

export const createSlack = (config: SlackConfig, deps: SlackDeps, timings: SlackTimings = {}): Platform => {
  const { logger } = deps;
  const slackLogger = toSlackLogger(logger);
  const clients = createClients(config, slackLogger, timings.timeouts);
  const connection = createConnection(clients.background, logger, {
    ...timings,
    wantedScopes: Object.keys(botScopes),
  });
  const { socketRetryMs } = timings;
  const ears = createEars(config, {
    app: deps.app,
    logger,
    slackLogger,
    ...(socketRetryMs === undefined ? {} : { socketRetryMs }),
  });
  const inFlight = createInFlight();

  const findPerson = createFindPerson({
    usersInfo: async (user) => (await clients.urgent.users.info({ user })).user,
    teamId: () => connection.identity()?.teamId ?? null,
  });
  const showHome = createShowHome({ ...deps, client: clients.background, findPerson });
  const listenerDeps = {
    replyTo: createReplyTo(deps.dispatch, findPerson, logger),
    tell: createTell(clients.background, logger),
    clients,
    showHome,
    inFlight,
    logger,
    ackWithinMs: timings.ackWithinMs ?? 2600,
  };

  const bolt = new App({
    receiver: ears.receiver,
    // Answered from memory: Bolt's own way asks Slack before it hears anything.
    authorize: async () => {
      const me = connection.identity();
      return {
        botToken: config.botToken,
        ...(me === null
          ? {}
          : { botUserId: me.botUserId, ...(me.botId === null ? {} : { botId: me.botId }) }),
      };
    },
    convoStore: false,
    logger: slackLogger,
  });
  for (const listen of [listenToCommands, listenToActions, listenToViews, listenToHome, listenToMentions])
    listen(bolt, listenerDeps);

  return {
    name: platformName,
    messagesPerMinute: 45,
    async start() {
      await connection.start();
      await ears.start();
    },
    async stop() {
      await ears.stop();
      connection.stop();
      await inFlight.settled();
    },
    unready: async () => connection.unready() ?? ears.unready(),
    ...createPosting(clients.posting, logger),
    ...createThread(clients.posting, createFindMentions(clients.posting, logger), logger),
  };
};
