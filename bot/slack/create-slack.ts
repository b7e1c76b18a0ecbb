import { App } from '@slack/bolt';
import { createRequestHandler } from '../commands/handling/handle-request.ts';
import { createPendingWork } from '../commands/handling/pending-work.ts';
import type { Platform } from '../platform/platform.ts';
import type { PlatformDeps } from '../platform/platform-factory.ts';
import { createClients, type Timeouts } from './clients.ts';
import type { SlackConfig } from './config.ts';
import { type ConnectionOptions, createConnection } from './connection.ts';
import { platformName } from './conversation.ts';
import { registerActions } from './listeners/actions.ts';
import { registerCommands } from './listeners/commands.ts';
import { registerHome } from './listeners/home.ts';
import { registerMentions } from './listeners/mentions.ts';
import { registerViews } from './listeners/views.ts';
import { createCardPosting } from './post.ts';
import { createPublishHome } from './publish-home.ts';
import { createReceiver } from './receiver.ts';
import { createResolveMentions } from './resolve-mentions.ts';
import { createResolveUser } from './resolve-user.ts';
import { createRespond } from './respond.ts';
import { botScopes } from './scopes.ts';
import { createSlackLogger as toSlackLogger } from './slack-logger.ts';
import { createThreadPosting } from './thread.ts';

export type SlackDeps = Pick<PlatformDeps, 'app' | 'dispatch' | 'runs' | 'logger' | 'publicUrl'>;

/** Times that tests make shorter. */
export interface SlackTimings extends Omit<ConnectionOptions, 'wantedScopes'> {
  readonly ackTimeoutMs?: number;
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
  const ears = createReceiver(config, {
    app: deps.app,
    logger,
    slackLogger,
    ...(socketRetryMs === undefined ? {} : { socketRetryMs }),
  });
  const inFlight = createPendingWork();

  const findPerson = createResolveUser({
    usersInfo: async (user) => (await clients.urgent.users.info({ user })).user,
    teamId: () => connection.identity()?.teamId ?? null,
  });
  const showHome = createPublishHome({ ...deps, client: clients.background, findPerson });
  const listenerDeps = {
    replyTo: createRequestHandler(deps.dispatch, findPerson),
    tell: createRespond(clients.background, logger),
    clients,
    showHome,
    inFlight,
    logger,
    ackWithinMs: timings.ackTimeoutMs ?? 2600,
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
  for (const listen of [registerCommands, registerActions, registerViews, registerHome, registerMentions])
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
    unreadyReason: async () => connection.unreadyReason() ?? ears.unreadyReason(),
    ...createCardPosting(clients.posting, logger),
    ...createThreadPosting(clients.posting, createResolveMentions(clients.posting, logger), logger),
  };
};
