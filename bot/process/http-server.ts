import { createServer } from 'node:http';
import type { Client } from '@temporalio/client';
import express, { type ErrorRequestHandler, type Express } from 'express';
import pTimeout from 'p-timeout';
import { listen } from '../../runtime/listen.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Platform } from '../platform/platform.ts';
import type { Store } from '../store/store.ts';

/** Why the bot is not ready, one text for each reason; empty when it is. */
export type FindUnreadyReasons = () => Promise<readonly string[]>;

const checkTimeoutMs = 1500;

const check = async (name: string, ask: () => Promise<string | null>): Promise<readonly string[]> => {
  try {
    const reason = await pTimeout(ask(), {
      milliseconds: checkTimeoutMs,
      message: `no answer within ${checkTimeoutMs} ms`,
    });
    return typeof reason === 'string' ? [`${name}: ${reason}`] : [];
  } catch (error) {
    return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
  }
};

export const createReadinessCheck = (
  client: Client,
  store: Store,
  platforms: () => readonly Platform[],
): FindUnreadyReasons => {
  const temporal = async (): Promise<null> => {
    await client.withDeadline(Date.now() + checkTimeoutMs, () => client.workflowService.getSystemInfo({}));
    return null;
  };
  const database = async (): Promise<null> => {
    await store.ping();
    return null;
  };
  return async () => {
    const checks = [
      check('Temporal', temporal),
      check('the store', database),
      ...platforms().map((platform) => check(platform.name, () => platform.unreadyReason())),
    ];
    return (await Promise.all(checks)).flat();
  };
};

/** The process's metrics as text. */
interface MetricsText {
  readonly contentType: string;
  text(): Promise<string>;
}

/** The bot's only HTTP server; platforms add their routes to `app`. */
export interface HttpServer {
  readonly app: Express;
  readonly port: number;
  /** Until then, `/readyz` answers that the bot is starting. */
  ready(findUnready: FindUnreadyReasons): void;
  /** Adds the 404 and the error handler; called after all platforms were created. */
  seal(): void;
  /** Accepts no new requests, and waits for the running ones. */
  close(): Promise<void>;
}

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  readonly metrics: MetricsText;
  readonly logger: Logger;
}

const failed =
  (logger: Logger): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    const status = (error as { status?: unknown }).status;
    const code = typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
    if (code === 500) logger.error({ path: request.path, err: error }, 'request failed');
    if (response.headersSent) next(error);
    else
      response
        .status(code)
        .type('text')
        .send(code === 500 ? 'Internal error.' : 'Bad request.');
  };

/** Listens at once, so that a port that is in use is reported before anything else happens. */
export const startHttp = async ({ host, port, metrics, logger }: HttpOptions): Promise<HttpServer> => {
  const app = express();
  app.disable('x-powered-by');
  let findUnready: FindUnreadyReasons = () => Promise.resolve(['the bot is starting']);
  let sealed = false;

  app.get('/healthz', (_request, response) => {
    response.type('text').send('ok');
  });
  app.get('/readyz', async (_request, response) => {
    const reasons = await findUnready();
    response.status(reasons.length === 0 ? 200 : 503).json({ ready: reasons.length === 0, reasons });
  });
  app.get('/metrics', async (_request, response) => {
    response.set('content-type', metrics.contentType).send(await metrics.text());
  });

  // A chat that calls while the platforms are being created must retry, and not receive a 404.
  app.use((_request, response, next) => {
    if (sealed) next();
    else response.status(503).set('retry-after', '1').type('text').send('The bot is starting.');
  });

  const server = createServer(app);
  const listening = await listen(server, { host, port, hostFrom: 'HOST', portFrom: 'PORT' });

  return {
    app,
    port: listening,
    ready(find) {
      findUnready = find;
    },
    seal() {
      sealed = true;
      app.use((_request, response) => {
        response.status(404).type('text').send('Not found.');
      });
      app.use(failed(logger));
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        // The streams of live pages never end on their own.
        setTimeout(() => server.closeAllConnections(), 3000).unref();
      }),
  };
};
