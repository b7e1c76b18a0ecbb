import { type Activity, CloudAdapter, type InvokeResponse, type TurnContext } from 'botbuilder';
import type { AuthenticateRequestResult, BotFrameworkAuthentication } from 'botframework-connector';
import express, { type Express, type Request, type Response } from 'express';
import rateLimit from 'express-rate-limit';
import type { Logger } from '../../runtime/logger.ts';
import { readTurnActivity } from './auth/turn-activity.ts';
import { TeamsAuthenticationError } from './auth/verify-token.ts';

export type OnTurn = (turn: TurnContext) => Promise<void>;

/** The SDK's adapter, entered only with what was authenticated; says what an invoke answered. */
export class TeamsAdapter extends CloudAdapter {
  // The SDK's own default is an authentication that lets everybody in.
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

export const messagesPath = '/api/messages';
const bodyLimit = 256 * 1024;

export interface FailureLimit {
  readonly windowMs: number;
  /** How many requests of one address may fail, or be on their way, in that time. */
  readonly failures: number;
}

/**
 * All of a tenant's traffic comes from Microsoft's few addresses, or from one proxy, so what is counted
 * is what fails before or in the authentication: a good request is taken off the count when it is done.
 * 300 in 10 s leave room for as many clicks at once, and a short window ends soon when a stranger behind
 * the same proxy used it up; trying 30 tokens a second costs next to nothing and leads nowhere.
 */
const defaultFailureLimit: FailureLimit = { windowMs: 10_000, failures: 300 };

export interface MessagingEndpointDeps {
  readonly app: Express;
  readonly auth: BotFrameworkAuthentication;
  readonly adapter: TeamsAdapter;
  readonly onTurn: OnTurn;
  readonly logger: Logger;
  /** False once the bot is stopping. */
  readonly isAccepting: () => boolean;
  readonly limits?: FailureLimit;
}

const readBody = (request: Request, response: Response): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const parse = express.json({ limit: bodyLimit, inflate: false, type: 'application/json' });
    parse(request, response, (error?: unknown) => {
      if (error) reject(error);
      else resolve(request.body);
    });
  });

const statusOf = (error: unknown): number => {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 400;
  return status >= 400 && status < 500 ? status : 400;
};

/** Not the error itself: the SDK hangs its requests onto errors, and the bot's token onto those. */
const reasonOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/** The one door for what Teams sends. Whoever is refused learns a number, and the log learns why. */
export const mountMessagingEndpoint = (deps: MessagingEndpointDeps): void => {
  const { app, auth, adapter, onTurn, logger, isAccepting: open, limits = defaultFailureLimit } = deps;

  const refuse = (response: Response, status: number, why: string): void => {
    logger.warn({ status, why }, 'a request in the name of Teams was refused');
    response.status(status).end();
  };

  const limit = rateLimit({
    windowMs: limits.windowMs,
    limit: limits.failures,
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_request, response) => response.locals.authentic === true,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // The address is the connection's, whatever a header says.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    handler: (request, response) => {
      // Told once: a flood of requests shall not become a flood of lines.
      const { used, limit: most }: { used?: number; limit?: number } =
        Reflect.get(request, 'rateLimit') ?? {};
      if (used === (most ?? 0) + 1)
        logger.warn({ address: request.ip }, 'an address failed too often in the name of Teams');
      response.status(429).end();
    },
  });

  const authenticate = async (request: Request, response: Response, body: unknown) => {
    const turnActivity = readTurnActivity(body);
    if (turnActivity === null) return refuse(response, 400, 'its body is not an activity');
    try {
      const authentic = await auth.authenticateRequest(turnActivity, request.get('authorization') ?? '');
      response.locals.authentic = true;
      return { turnActivity, authentic };
    } catch (error) {
      if (error instanceof TeamsAuthenticationError) return refuse(response, error.status, error.message);
      logger.error({ reason: reasonOf(error) }, 'what came in the name of Teams cannot be authenticated');
      response.status(503).set('retry-after', '5').end();
    }
  };

  app.post(
    messagesPath,
    (_request, response, next) => {
      if (open()) next();
      else refuse(response, 503, 'the bot is stopping');
    },
    limit,
    async (request: Request, response: Response) => {
      if (!request.is('application/json')) return refuse(response, 415, 'its body is not JSON');
      let body: unknown;
      try {
        body = await readBody(request, response);
      } catch (error) {
        return refuse(response, statusOf(error), 'its body cannot be read');
      }
      const entered = await authenticate(request, response, body);
      if (!entered) return;
      try {
        const answer = await adapter.processAuthenticated(entered.authentic, entered.turnActivity, onTurn);
        response.status(answer?.status ?? 200);
        if (answer?.body === undefined) response.end();
        else response.json(answer.body);
      } catch (error) {
        logger.error({ reason: reasonOf(error) }, 'a turn of Teams failed');
        if (!response.headersSent) response.status(500).end();
      }
    },
  );
};
