import PQueue from 'p-queue';
import { defaultReplyTimeoutMs, type Platform } from '../platform/platform.ts';
import type { PlatformDeps } from '../platform/platform-factory.ts';
import type { ProbeIntervals } from '../platform/shared/connection-probe.ts';
import { fetchKeysUrl } from './auth/check-credentials.ts';
import { getCloud } from './auth/clouds.ts';
import { createCredentials } from './auth/credentials.ts';
import { createStrictAuth } from './auth/strict-auth.ts';
import type { TeamsConfig } from './config.ts';
import { createConnection } from './connection.ts';
import { platformName } from './conversation.ts';
import { createConversationReferences } from './conversation-references.ts';
import { createOnInstallationUpdate } from './listeners/installation-updates.ts';
import { createDedupeClick, type ListenerDeps } from './listeners/invocation.ts';
import { createOnInvoke } from './listeners/invokes.ts';
import { createOnMessage } from './listeners/messages.ts';
import { createOnTurn } from './listeners/on-turn.ts';
import { createRespond } from './listeners/respond.ts';
import { createFindMembers } from './members.ts';
import { type FailureLimit, mountMessagingEndpoint } from './messaging-endpoint.ts';
import { createConnector } from './outbound/connector.ts';
import { createCardPosting } from './outbound/post-card.ts';
import { createThreadPosting } from './outbound/post-to-thread.ts';
import { createRateLimiter } from './outbound/rate-limiter.ts';
import { createResolveUser } from './resolve-user.ts';

export type TeamsDeps = Pick<
  PlatformDeps,
  'app' | 'dispatch' | 'runs' | 'commands' | 'store' | 'logger' | 'publicUrl'
>;

/** Milliseconds, which tests shorten, and the limit for failed requests. */
export interface TeamsTimings extends ProbeIntervals {
  readonly replyTimeoutMs?: number;
  readonly lookupTimeoutMs?: number;
  readonly timeoutMs?: number;
  readonly limits?: FailureLimit;
}

const defaultTimeoutMs = 10_000;
/** More than the SDK's own timeout, which gives the better error. */
const requestMarginMs = 2000;

/**
 * Teams allows 1,800 messages an hour and 60 in 30 s in a conversation.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
 */
const messagesPerMinute = 40;

export const createTeams = (config: TeamsConfig, deps: TeamsDeps, timings: TeamsTimings = {}): Platform => {
  const { app, dispatch, runs, logger, publicUrl } = deps;
  const { timeoutMs = defaultTimeoutMs, lookupTimeoutMs, limits } = timings;
  const { openIdMetadataUrl } = config;
  const auth = createStrictAuth(config, { timeoutMs });
  const credentials = createCredentials(config, getCloud(openIdMetadataUrl).issuer, timeoutMs);
  const connection = createConnection(
    { token: () => credentials.getToken(true), keys: () => fetchKeysUrl(openIdMetadataUrl, timeoutMs) },
    logger,
    timings,
  );

  const connector = createConnector(auth, config, createRateLimiter(), timeoutMs + requestMarginMs);
  const references = createConversationReferences(deps.store, config);
  const resolveUser = createResolveUser({
    lookUp: async (conversationId, userId) => connector.member(await references.find(conversationId), userId),
    tenants: config.tenants,
    ...(lookupTimeoutMs === undefined ? {} : { timeoutMs: lookupTimeoutMs }),
  });

  const pending = new PQueue();
  const listenerDeps: ListenerDeps = {
    appId: config.appId,
    dispatch,
    resolveUser,
    runs,
    links: { publicUrl },
    respond: createRespond(connector, references, logger),
    dedupeClick: createDedupeClick(),
    pending,
    logger,
    replyTimeoutMs: timings.replyTimeoutMs ?? defaultReplyTimeoutMs,
  };
  const onTurn = createOnTurn({
    references,
    onMessage: createOnMessage(listenerDeps),
    onInvoke: createOnInvoke(listenerDeps),
    onInstallationUpdate: createOnInstallationUpdate(listenerDeps, deps.commands),
    logger,
  });

  let isAccepting = true;
  mountMessagingEndpoint({
    app,
    auth,
    onTurn: (turn) => pending.add(() => onTurn(turn)),
    logger,
    isAccepting: () => isAccepting,
    ...(limits === undefined ? {} : { limits }),
  });

  const posting = {
    connector,
    references,
    findMembers: createFindMembers({ roster: connector.members, logger }),
    logger,
  };
  return {
    name: platformName,
    messagesPerMinute,
    rateLimitScope: 'conversation',
    start: connection.start,
    async stop() {
      isAccepting = false;
      connection.stop();
      await pending.onIdle();
    },
    unreadyReason: async () => connection.unreadyReason(),
    ...createCardPosting(posting),
    ...createThreadPosting(posting, publicUrl),
  };
};
