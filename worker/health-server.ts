import { createServer, type Server } from 'node:http';
import { listen } from '../runtime/listen.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Metrics } from '../runtime/metrics.ts';

interface HealthDependencies {
  readonly host: string;
  readonly port: number;
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** null when the worker polls for work, else the reason. */
  readonly unready: () => Promise<string | null>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const plain = (status: number, body: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${body}\n`,
});

const answer = async (path: string, { metrics, unready }: HealthDependencies): Promise<Answer> => {
  if (path === '/healthz') return plain(200, 'ok');
  if (path === '/metrics') return { status: 200, type: metrics.contentType, body: await metrics.text() };
  if (path !== '/readyz') return plain(404, 'not found: use /healthz, /readyz or /metrics');
  const reason = await unready();
  return reason === null ? plain(200, 'ok') : plain(503, reason);
};

/** Serves `/healthz`, `/readyz` and `/metrics` of the worker. */
export const startHealthServer = async (deps: HealthDependencies): Promise<Server> => {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    answer(path, deps)
      .catch((error: unknown) => {
        deps.logger.error({ err: error, path }, 'health check failed');
        return plain(500, 'error');
      })
      .then(({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body))
      .catch((error: unknown) => deps.logger.error({ err: error, path }, 'health check response failed'));
  });
  const { host, port } = deps;
  await listen(server, { host, port, hostFrom: 'HOST', portFrom: 'WORKER_HEALTH_PORT' });
  return server;
};
