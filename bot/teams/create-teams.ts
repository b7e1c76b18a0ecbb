import { createRequestHandler } from '../commands/handling/handle-request.ts';
import { createPendingWork } from '../commands/handling/pending-work.ts';
import type { Platform } from '../platform/platform.ts';
import type { PlatformDeps } from '../platform/platform-factory.ts';
import { getCloud } from './auth/clouds.ts';
import { createCredentials } from './auth/credentials.ts';
import { createStrictAuth } from './auth/strict-auth.ts';
import { TeamsAdapter } from './auth/teams-adapter.ts';
import type { TeamsConfig } from './config.ts';
import { type ConnectionOptions, createConnection } from './connection.ts';
import { toPlatformName } from './conversation.ts';
import { createConversationReferences } from './conversation-references.ts';
import { createOnInstallationUpdate } from './listeners/installation-updates.ts';
import { createClickKey } from './listeners/invocation.ts';
import { createOnInvoke } from './listeners/invokes.ts';
import { createOnMessage } from './listeners/messages.ts';
import { createRespond } from './listeners/respond.ts';
import { createOnTurn } from './listeners/turn.ts';
import { createMembers } from './members.ts';
import { type FailureLimit, mountMessagingEndpoint } from './messaging-endpoint.ts';
import { createConnector } from './outbound/connector.ts';
import { createCardPosting } from './outbound/post.ts';
import { createRateLimiter } from './outbound/rate-limiter.ts';
import { createThreadPosting } from './outbound/thread.ts';
import { readKeys } from './read-keys.ts';
import { createResolveUser } from './resolve-user.ts';

export type TeamsDeps = Pick<
  PlatformDeps,
  'app' | 'dispatch' | 'runs' | 'commands' | 'store' | 'logger' | 'publicUrl'
>;

/** Times that tests make shorter. */
export interface TeamsTimings extends ConnectionOptions {
  readonly replyTimeoutMs?: number;
  readonly lookupTimeoutMs?: number;
  readonly timeoutMs?: number;
  readonly limits?: FailureLimit;
}

const defaultTimeoutMs = 10_000;

export const createTeams = (config: TeamsConfig, deps: TeamsDeps, timings: TeamsTimings = {}): Platform => {
  const { logger, publicUrl } = deps;
  const { timeoutMs = defaultTimeoutMs, lookupTimeoutMs: lookUpWithinMs, limits } = timings;
  const auth = createStrictAuth(config, { timeoutMs });
  const credentials = createCredentials(config, getCloud(config.openIdMetadataUrl).issuer, timeoutMs);
  const connection = createConnection(
    { token: () => credentials.getToken(true), keys: () => readKeys(config.openIdMetadataUrl, timeoutMs) },
    logger,
    timings,
  );

  const connector = createConnector(auth, config, createRateLimiter(), timeoutMs + 2000);
  const references = createConversationReferences(deps.store, config);
  const members = createMembers({ roster: connector.members, logger });
  const findPerson = createResolveUser({
    lookUp: async (conversationId, userId) => connector.member(await references.find(conversationId), userId),
    tenants: config.tenants,
    ...(lookUpWithinMs === undefined ? {} : { timeoutMs: lookUpWithinMs }),
  });

  const inFlight = createPendingWork();
  const tell = createRespond(connector, references, logger);
  const listening = {
    appId: config.appId,
    replyTo: createRequestHandler(deps.dispatch, findPerson),
    findPerson,
    runs: deps.runs,
    links: { publicUrl },
    tell,
    clickKey: createClickKey(),
    inFlight,
    logger,
    answerWithinMs: timings.replyTimeoutMs ?? 2600,
  };
  const onTurn = createOnTurn({
    references,
    onMessage: createOnMessage(listening),
    onInvoke: createOnInvoke(listening),
    onInstallationUpdate: createOnInstallationUpdate(listening, deps.commands),
    logger,
  });

  let open = true;
  mountMessagingEndpoint({
    app: deps.app,
    auth,
    adapter: new TeamsAdapter(auth),
    onTurn: (turn) => inFlight.track(() => onTurn(turn)),
    logger,
    isAccepting: () => open,
    ...(limits === undefined ? {} : { limits }),
  });

  const posting = { connector, references, members, logger };
  return {
    name: toPlatformName,
    // Teams lets 1,800 messages an hour into a conversation; what must be said may come faster for a while.
    messagesPerMinute: 40,
    rateLimitScope: 'conversation',
    start: connection.start,
    async stop() {
      open = false;
      connection.stop();
      await inFlight.settled();
    },
    unreadyReason: async () => connection.unreadyReason(),
    ...createCardPosting(posting),
    ...createThreadPosting(posting, publicUrl),
  };
};
