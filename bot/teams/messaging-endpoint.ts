import { type Activity, CloudAdapter, type InvokeResponse, type TurnContext } from 'botbuilder';
import type { AuthenticateRequestResult, BotFrameworkAuthentication } from 'botframework-connector';
import express, { type Express, type Request, type Response } from 'express';
import rateLimit from 'express-rate-limit';
import type { Logger } from '../../runtime/logger.ts';
import { createRejectRequest, readBody, toBodyErrorStatus } from '../platform/shared/incoming-request.ts';
import { readTurnActivity } from './auth/turn-activity.ts';
import { TeamsAuthenticationError } from './auth/verify-token.ts';

/** The messaging endpoint of the Azure Bot: https://learn.microsoft.com/azure/bot-service/bot-service-manage-settings */
export const messagesPath = '/api/messages';
const maxBodyBytes = 256 * 1024;
const retryAfterSeconds = 5;

export type OnTurn = (turn: TurnContext) => Promise<void>;

/** The SDK's adapter, entered only with an authenticated activity; returns the answer of an invoke. */
class TeamsAdapter extends CloudAdapter {
  // The SDK's default authentication accepts every request.
  constructor(auth: BotFrameworkAuthentication) {
    super(auth);
  }

  processAuthenticated(
    authentic: AuthenticateRequestResult,
    turnActivity: Activity,
    onTurn: OnTurn,
  ): Promise<InvokeResponse | undefined> {
    return this.processActivity(authentic, turnActivity, onTurn);
  }
}

export interface FailureLimit {
  readonly windowMs: number;
  /** Requests of one address that may fail, or be pending, in that time. */
  readonly failures: number;
}

/**
 * All of a tenant's traffic comes from a few addresses of Microsoft, or from one proxy. So the limit
 * counts failed and pending requests only: a successful one is subtracted when it ends. 300 in 10 s
 * allow 300 simultaneous clicks, and a stranger behind the same proxy blocks the others for 10 s at
 * most. A stranger gains nothing from 30 attempts a second, and each costs little.
 */
const defaultFailureLimit: FailureLimit = { windowMs: 10_000, failures: 300 };

export interface MessagingEndpointDeps {
  readonly app: Express;
  readonly auth: BotFrameworkAuthentication;
  readonly onTurn: OnTurn;
  readonly logger: Logger;
  /** False once the bot is stopping. */
  readonly isAccepting: () => boolean;
  readonly limits?: FailureLimit;
}

/** Without the error object: the SDK attaches its requests to errors, and the bot's token to those. */
const toStack = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

const createFailureLimit = ({ windowMs, failures }: FailureLimit, logger: Logger) =>
  rateLimit({
    windowMs,
    limit: failures,
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_request, response) => response.locals.authentic === true,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Counts by the connection's address and ignores the headers that a client can set.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    handler: (request, response) => {
      // Logs once per window: a flood of requests must not flood the log.
      const { used, limit = 0 }: { used?: number; limit?: number } = Reflect.get(request, 'rateLimit') ?? {};
      if (used === limit + 1)
        logger.warn({ address: request.ip }, 'too many failed requests to the Teams endpoint');
      response.status(429).end();
    },
  });

/** Accepts activities from Teams. A rejected sender receives a bare status; the log has the reason. */
export const mountMessagingEndpoint = (deps: MessagingEndpointDeps): void => {
  const { app, auth, onTurn, logger, isAccepting, limits = defaultFailureLimit } = deps;
  const adapter = new TeamsAdapter(auth);
  const reject = createRejectRequest('Teams', logger);
  const parse = express.json({ limit: maxBodyBytes, inflate: false, type: 'application/json' });

  const authenticate = async (request: Request, response: Response, body: unknown) => {
    const turnActivity = readTurnActivity(body);
    if (turnActivity === null) return reject(response, 400, 'body is not an activity');
    try {
      const authentic = await auth.authenticateRequest(turnActivity, request.get('authorization') ?? '');
      response.locals.authentic = true;
      return { turnActivity, authentic };
    } catch (error) {
      if (error instanceof TeamsAuthenticationError) return reject(response, error.status, error.message);
      logger.error({ reason: toStack(error) }, 'a request from Teams cannot be authenticated');
      response.status(503).set('retry-after', String(retryAfterSeconds)).end();
    }
  };

  app.post(
    messagesPath,
    (_request, response, next) => {
      if (isAccepting()) next();
      else reject(response, 503, 'the bot is stopping');
    },
    createFailureLimit(limits, logger),
    async (request: Request, response: Response) => {
      if (!request.is('application/json')) return reject(response, 415, 'body is not JSON');
      let body: unknown;
      try {
        body = await readBody(parse, request, response);
      } catch (error) {
        return reject(response, toBodyErrorStatus(error), 'unreadable body');
      }
      const accepted = await authenticate(request, response, body);
      if (!accepted) return;
      try {
        const answer = await adapter.processAuthenticated(accepted.authentic, accepted.turnActivity, onTurn);
        response.status(answer?.status ?? 200);
        if (answer?.body === undefined) response.end();
        else response.json(answer.body);
      } catch (error) {
        logger.error({ reason: toStack(error) }, 'an activity from Teams failed');
        if (!response.headersSent) response.status(500).end();
      }
    },
  );
};
