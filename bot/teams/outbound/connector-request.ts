import {
  AuthenticationConstants,
  type BotFrameworkAuthentication,
  ClaimsIdentity,
  type ConnectorClient,
} from 'botframework-connector';
import pTimeout from 'p-timeout';
import { ChatError } from '../../platform/errors.ts';
import { isAllowedServiceUrl } from '../auth/clouds.ts';
import type { TeamsConfig } from '../config.ts';
import type { ConversationReference } from '../conversation-references.ts';
import type { Priority, RateLimiter, Traffic } from './rate-limiter.ts';
import { type ErrorContext, getPauseMs, readTeamsError, toChatError } from './teams-errors.ts';

/** One request to the Bot Connector. */
export interface ConnectorRequest extends ErrorContext {
  /** The start of error messages: `posting to`. */
  readonly operation: string;
  readonly traffic: Traffic;
  readonly priority: Priority;
}

interface RequestOptions {
  readonly abortSignal: AbortSignal;
}

/** Sends one request through the rate limiter; throws `ChatError`. */
export type SendRequest = <T>(
  reference: ConversationReference,
  request: ConnectorRequest,
  send: (conversations: ConnectorClient['conversations'], options: RequestOptions) => Promise<T>,
) => Promise<T>;

export type ConnectorAuth = Pick<
  BotFrameworkAuthentication,
  'createConnectorFactory' | 'getOriginatingAudience'
>;

export const createSendRequest = (
  auth: ConnectorAuth,
  { appId, serviceHosts }: Pick<TeamsConfig, 'appId' | 'serviceHosts'>,
  rateLimiter: RateLimiter,
  timeoutMs: number,
): SendRequest => {
  const identity = new ClaimsIdentity([
    { type: AuthenticationConstants.AudienceClaim, value: appId },
    { type: AuthenticationConstants.AppIdClaim, value: appId },
  ]);

  const createClient = async (reference: ConversationReference): Promise<ConnectorClient> => {
    const { serviceUrl, conversationId } = reference;
    // The bot's token is sent to this address, which comes from the database.
    if (!isAllowedServiceUrl(serviceUrl, serviceHosts))
      throw new ChatError(
        `sending to teams:${conversationId}: its service URL is not one of TEAMS_ALLOWED_SERVICE_HOSTS; message the bot there once, or add the host`,
        'permanent',
      );
    return auth.createConnectorFactory(identity).create(serviceUrl, auth.getOriginatingAudience());
  };

  return (reference, { operation, traffic, priority, ...context }, send) => {
    const { tenantId, conversationId } = reference;
    const key = { tenantId, conversationId, traffic, priority };
    return rateLimiter.run(key, async () => {
      // Covers the token and the body too: the SDK's own timeout ends with the first byte of the answer.
      const abortSignal = AbortSignal.timeout(timeoutMs);
      const work = createClient(reference).then(({ conversations }) => send(conversations, { abortSignal }));
      try {
        return await pTimeout(work, { milliseconds: Number.POSITIVE_INFINITY, signal: abortSignal });
      } catch (error) {
        rateLimiter.pause(key, getPauseMs(readTeamsError(error)));
        throw toChatError(`${operation} teams:${conversationId}`, error, context);
      }
    });
  };
};
