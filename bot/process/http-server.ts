import { createServer } from 'node:http';
import type { Client } from '@temporalio/client';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { listen } from '../../runtime/listen.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Platform } from '../platform/platform.ts';
import type { Store } from '../store/store.ts';

/** What keeps the bot from doing its work just now, in words; empty when nothing does. */
export type FindUnreadyReasons = () => Promise<readonly string[]>;

const checkTimeoutMs = 1500;

const within = (asked: Promise<unknown>): Promise<unknown> =>
  Promise.race([
    asked,
    new Promise((_, reject) => {
      setTimeout(reject, checkTimeoutMs, new Error('no answer in time')).unref();
    }),
  ]);

const check = async (name: string, ask: () => Promise<string | null>): Promise<readonly string[]> => {
  try {
    const reason = await within(ask());
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

/** The one HTTP server of the bot; platforms add their routes to `app`. */
export interface HttpServer {
  readonly app: Express;
  readonly port: number;
  /** Until then `/readyz` says that the bot is starting. */
  ready(findUnready: FindUnreadyReasons): void;
  /** Adds what answers when no route does; to be called after every platform was made. */
  seal(): void;
  /** Takes no new request, and waits for those that run. */
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
    if (code === 500) logger.error({ path: request.path, error }, 'a request failed');
    if (response.headersSent) next(error);
    else
      response
        .status(code)
        .type('text')
        .send(code === 500 ? 'Something went wrong here.' : 'Bad request.');
  };

/** Listens at once, so that a busy port is told before anything else is touched. */
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

  // A chat that asks while the platforms are being made shall try again, not hear that nothing is here.
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
        response.status(404).type('text').send('There is nothing here.');
      });
      app.use(failed(logger));
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        // Streams of live pages never end by themselves.
        setTimeout(() => server.closeAllConnections(), 3000).unref();
      }),
  };
};
