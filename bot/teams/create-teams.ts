import { createInFlight } from '../in-flight.ts';
import type { Platform } from '../platform.ts';
import type { PlatformDeps } from '../platform-factory.ts';
import { createReplyTo } from '../reply-to.ts';
import { createFindPerson } from './actor.ts';
import { cloudOf } from './auth/clouds.ts';
import { createCredentials } from './auth/credentials.ts';
import { createStrictAuth } from './auth/strict-auth.ts';
import { TeamsAdapter } from './auth/turns.ts';
import type { TeamsConfig } from './config.ts';
import { type ConnectionOptions, createConnection } from './connection.ts';
import { platformName } from './conversation.ts';
import { type Limits, mountFront } from './front.ts';
import { createClickKey } from './listeners/asking.ts';
import { createHearInstalls } from './listeners/installs.ts';
import { createAnswerInvokes } from './listeners/invokes.ts';
import { createHearMessages } from './listeners/messages.ts';
import { createTell } from './listeners/tell.ts';
import { createOnTurn } from './listeners/turn.ts';
import { createMembers } from './members.ts';
import { createConnector } from './outbound/connector.ts';
import { createPace } from './outbound/pace.ts';
import { createPosting } from './outbound/post.ts';
import { createThread } from './outbound/thread.ts';
import { readKeys } from './read-keys.ts';
import { createReferences } from './references.ts';

export type TeamsDeps = Pick<
  PlatformDeps,
  'app' | 'dispatch' | 'runs' | 'commands' | 'memory' | 'logger' | 'publicUrl'
>;

/** Times that tests make shorter. */
export interface TeamsTimings extends ConnectionOptions {
  readonly answerWithinMs?: number;
  readonly lookUpWithinMs?: number;
  readonly timeoutMs?: number;
  readonly limits?: Limits;
}

const usualTimeoutMs = 10_000;

export const createTeams = (config: TeamsConfig, deps: TeamsDeps, timings: TeamsTimings = {}): Platform => {
  const { logger, publicUrl } = deps;
  const { timeoutMs = usualTimeoutMs, lookUpWithinMs, limits } = timings;
  const auth = createStrictAuth(config, { timeoutMs });
  const credentials = createCredentials(config, cloudOf(config.openIdMetadataUrl).issuer, timeoutMs);
  const connection = createConnection(
    { token: () => credentials.getToken(true), keys: () => readKeys(config.openIdMetadataUrl, timeoutMs) },
    logger,
    timings,
  );

  const connector = createConnector(auth, config, createPace(), timeoutMs + 2000);
  const references = createReferences(deps.memory, config);
  const members = createMembers({ roster: connector.members, logger });
  const findPerson = createFindPerson({
    lookUp: async (conversationId, userId) => connector.member(await references.find(conversationId), userId),
    tenants: config.tenants,
    ...(lookUpWithinMs === undefined ? {} : { timeoutMs: lookUpWithinMs }),
  });

  const inFlight = createInFlight();
  const tell = createTell(connector, references, logger);
  const listening = {
    appId: config.appId,
    replyTo: createReplyTo(deps.dispatch, findPerson, logger),
    findPerson,
    runs: deps.runs,
    links: { publicUrl },
    tell,
    clickKey: createClickKey(),
    inFlight,
    logger,
    answerWithinMs: timings.answerWithinMs ?? 2600,
  };
  const onTurn = createOnTurn({
    references,
    hearMessages: createHearMessages(listening),
    answerInvokes: createAnswerInvokes(listening),
    hearInstalls: createHearInstalls(listening, deps.commands),
    logger,
  });

  let open = true;
  mountFront({
    app: deps.app,
    auth,
    adapter: new TeamsAdapter(auth),
    onTurn: (turn) => inFlight.track(() => onTurn(turn)),
    logger,
    open: () => open,
    ...(limits === undefined ? {} : { limits }),
  });

  const posting = { connector, references, members, logger };
  return {
    name: platformName,
    // Teams lets 1,800 messages an hour into a conversation; what must be said may come faster for a while.
    messagesPerMinute: 40,
    messagesPer: 'conversation',
    start: connection.start,
    async stop() {
      open = false;
      connection.stop();
      await inFlight.settled();
    },
    unready: async () => connection.unready(),
    ...createPosting(posting),
    ...createThread(posting, publicUrl),
  };
};
