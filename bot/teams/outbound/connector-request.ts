import {
  AuthenticationConstants,
  type BotFrameworkAuthentication,
  ClaimsIdentity,
  type ConnectorClient,
} from 'botframework-connector';
import { ChatError } from '../../platform/errors.ts';
import { isAllowedServiceUrl } from '../auth/clouds.ts';
import type { TeamsConfig } from '../config.ts';
import type { ConversationReference } from '../conversation-references.ts';
import type { Priority, RateLimiter, Traffic } from './rate-limiter.ts';
import { getPauseMs, readTeamsError, toChatError } from './teams-errors.ts';

/** One request to the Bot Connector, in words and by its nature. */
export interface ConnectorRequest {
  readonly operation: string;
  readonly traffic: Traffic;
  readonly urgency: Priority;
  /** Doing it twice is harmless. */
  readonly repeatable: boolean;
  /** It belongs to an earlier message. */
  readonly toMessage: boolean;
}

interface RequestOptions {
  readonly abortSignal: AbortSignal;
}

/** Sends one request, at its turn; what went wrong is a `ChatError`. */
export type SendRequest = <T>(
  reference: ConversationReference,
  request: ConnectorRequest,
  send: (conversations: ConnectorClient['conversations'], options: RequestOptions) => Promise<T>,
) => Promise<T>;

export type Auth = Pick<BotFrameworkAuthentication, 'createConnectorFactory' | 'getOriginatingAudience'>;

/** Rejects with the signal's own reason, whatever the work does meanwhile. */
const raceAbort = async <T>(work: Promise<T>, { abortSignal }: RequestOptions): Promise<T> => {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(abortSignal.reason);
  abortSignal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    abortSignal.removeEventListener('abort', abort);
  }
};

export const createSendRequest = (
  auth: Auth,
  { appId, serviceHosts }: Pick<TeamsConfig, 'appId' | 'serviceHosts'>,
  pace: RateLimiter,
  timeoutMs: number,
): SendRequest => {
  const identity = new ClaimsIdentity([
    { type: AuthenticationConstants.AudienceClaim, value: appId },
    { type: AuthenticationConstants.AppIdClaim, value: appId },
  ]);

  const clientFor = async ({
    serviceUrl,
    conversationId,
  }: ConversationReference): Promise<ConnectorClient> => {
    // A token goes to whatever address a reference names, and references come out of a database.
    if (!isAllowedServiceUrl(serviceUrl, serviceHosts))
      throw new ChatError(
        `sending to teams:${conversationId}: its service address is not one of TEAMS_ALLOWED_SERVICE_HOSTS; write to the bot there once, or add the host`,
        'permanent',
      );
    return auth.createConnectorFactory(identity).create(serviceUrl, auth.getOriginatingAudience());
  };

  return (reference, { operation: doing, traffic, urgency, ...nature }, send) => {
    const { tenantId, conversationId } = reference;
    const errand = { tenantId, conversationId, traffic, urgency };
    return pace.run(errand, async () => {
      // Over all of it: the SDK's own time ends with the answer's first byte, and a token has none.
      const options = { abortSignal: AbortSignal.timeout(timeoutMs) };
      const work = clientFor(reference).then(({ conversations }) => send(conversations, options));
      try {
        return await raceAbort(work, options);
      } catch (error) {
        pace.pause(errand, getPauseMs(readTeamsError(error)));
        throw toChatError(`${doing} teams:${conversationId}`, error, nature);
      }
    });
  };
};
