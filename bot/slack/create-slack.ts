import { App } from '@slack/bolt';
import PQueue from 'p-queue';
import { defaultReplyTimeoutMs, type Platform } from '../platform/platform.ts';
import type { PlatformDeps } from '../platform/platform-factory.ts';
import { createClients, createSlackLogger, type Timeouts } from './clients.ts';
import type { SlackConfig } from './config.ts';
import { type ConnectionOptions, createConnection } from './connection.ts';
import { platformName } from './conversation.ts';
import { createPublishHome, registerHome } from './home-page.ts';
import { createHttpReceiver } from './http-receiver.ts';
import { registerActions } from './listeners/actions.ts';
import { registerCommands, registerMentions } from './listeners/commands.ts';
import { registerReasonDialog } from './listeners/reason-dialog.ts';
import { botScopes } from './manifest.ts';
import { createCardPosting } from './post-card.ts';
import { createThreadPosting } from './post-to-thread.ts';
import { createResolveMentions, createResolveUser } from './resolve-user.ts';
import { createRespond } from './respond.ts';
import { createSocketReceiver } from './socket-receiver.ts';

export type SlackDeps = Pick<PlatformDeps, 'app' | 'dispatch' | 'runs' | 'logger' | 'publicUrl'>;

/** Milliseconds, which tests shorten. */
export interface SlackTimings extends Omit<ConnectionOptions, 'requiredScopes'> {
  readonly replyTimeoutMs?: number;
  readonly timeouts?: Timeouts;
  readonly socketRetryMs?: number;
}

/**
 * Below the 50 chat.update calls a minute of Slack's tier 3, for the whole workspace.
 * https://docs.slack.dev/apis/web-api/rate-limits
 */
const messagesPerMinute = 45;

export const createSlack = (config: SlackConfig, deps: SlackDeps, timings: SlackTimings = {}): Platform => {
  const { app, dispatch, logger } = deps;
  // Slack shows an error after 3,000 ms: https://docs.slack.dev/interactivity/implementing-slash-commands
  const { socketRetryMs, replyTimeoutMs = defaultReplyTimeoutMs } = timings;
  const slackLogger = createSlackLogger(logger);
  const clients = createClients(config, slackLogger, timings.timeouts);
  const connection = createConnection(clients.background, logger, {
    ...timings,
    requiredScopes: Object.keys(botScopes),
  });
  const receiver =
    config.mode === 'http'
      ? createHttpReceiver({ app, signingSecret: config.signingSecret, logger, slackLogger })
      : createSocketReceiver({
          appToken: config.appToken,
          apiUrl: config.apiUrl,
          logger,
          slackLogger,
          ...(socketRetryMs === undefined ? {} : { retryMs: socketRetryMs }),
        });

  const resolveUser = createResolveUser({
    usersInfo: async (user) => (await clients.urgent.users.info({ user })).user,
    teamId: () => connection.identity()?.teamId ?? null,
  });
  const publishHome = createPublishHome({ ...deps, client: clients.background, resolveUser });
  const listenerDeps = {
    dispatch,
    resolveUser,
    respond: createRespond(clients.background, logger),
    clients,
    publishHome,
    logger,
    replyTimeoutMs,
  };

  const bolt = new App({
    receiver: receiver.receiver,
    // Answers from memory: Bolt's default calls auth.test before it handles the first request.
    authorize: async () => {
      const identity = connection.identity();
      return {
        botToken: config.botToken,
        ...(identity === null ? {} : { botUserId: identity.botUserId }),
        ...(identity === null || identity.botId === null ? {} : { botId: identity.botId }),
      };
    },
    convoStore: false,
    logger: slackLogger,
  });
  // Bolt does not wait for listeners that have acknowledged their request, so `stop` does.
  const pending = new PQueue();
  bolt.use(({ next }) => pending.add(() => next()));
  registerCommands(bolt, listenerDeps);
  registerMentions(bolt, listenerDeps);
  registerActions(bolt, listenerDeps);
  registerReasonDialog(bolt, listenerDeps);
  registerHome(bolt, publishHome);

  return {
    name: platformName,
    messagesPerMinute,
    async start() {
      await connection.start();
      await receiver.start();
    },
    async stop() {
      await receiver.stop();
      connection.stop();
      await pending.onIdle();
    },
    unreadyReason: async () => connection.unreadyReason() ?? receiver.unreadyReason(),
    ...createCardPosting(clients.posting, logger),
    ...createThreadPosting(clients.posting, createResolveMentions(clients.posting, logger), logger),
  };
};
