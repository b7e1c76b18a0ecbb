import { fork } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ConnectionLike } from '@temporalio/client';
import { createCatalog } from '../activities/catalog/catalog.ts';
import { createPolicyEngine } from '../activities/policy/policy-engines.ts';
import { createDataConverter, failureConverterPath } from '../encryption/data-converter.ts';
import { connectClient } from '../runtime/connect-client.ts';
import { connectWorker } from '../runtime/connect-worker.ts';
import type { Env } from '../runtime/env.ts';
import { installRuntime } from '../runtime/install-runtime.ts';
import type { Logger } from '../runtime/logger.ts';
import { createMetrics } from '../runtime/metrics.ts';
import { registerSearchAttributes } from '../runtime/search-attributes.ts';
import { readTemporalSettings } from '../runtime/temporal-settings.ts';
import { createActivities } from './create-activities.ts';
import { createDriftScheduleSync, keepDriftSchedules } from './drift-schedules.ts';
import { policyEngineConfig, type WorkerEnv } from './env.ts';
import { startHealthServer } from './health-server.ts';
import { pollForWork } from './poll-for-work.ts';
import { createReadiness } from './readiness.ts';

const toPath = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Bundles the workflows in a child process, because the bundler keeps 190 MB until its process exits. With
 * encryption on, the bundle contains the failure converter.
 */
const bundleWorkflows = (failureConverterPath?: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const paths = [toPath('../workflows/index.ts'), failureConverterPath ?? []].flat();
    const child = fork(toPath('./bundle-program.ts'), paths, {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const stderr: Buffer[] = [];
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.once('message', (code: string) => resolve(code));
    child.once('error', (error) => reject(new Error('bundling the workflows', { cause: error })));
    child.once('close', () => reject(new Error(`bundling the workflows:\n${Buffer.concat(stderr)}`)));
  });

const attributesPollIntervalMs = 15_000;

/** Waits until the namespace has Quarterdeck's search attributes: a workflow that sets a missing one gets stuck. */
const awaitSearchAttributes = async (
  connection: ConnectionLike,
  namespace: string,
  { logger, abortSignal }: { logger: Logger; abortSignal: AbortSignal },
): Promise<void> => {
  for (;;) {
    try {
      const missing = await registerSearchAttributes(connection, namespace, logger);
      if (missing.length === 0) return;
    } catch (error) {
      logger.warn({ err: error }, 'search attributes could not be checked; retrying in 15 s');
    }
    await pause(attributesPollIntervalMs, undefined, { signal: abortSignal });
  }
};

interface RunOptions {
  readonly settings: WorkerEnv;
  readonly env: Env;
  readonly logger: Logger;
  /** Stops the worker: it takes no new work, and finishes or hands over its stages. */
  readonly abortSignal: AbortSignal;
}

/** Runs the worker until `abortSignal` aborts. Rejects when it cannot start or fails. */
export const runWorker = async ({ settings, env, logger, abortSignal }: RunOptions): Promise<void> => {
  const temporal = readTemporalSettings(env);
  const metrics = createMetrics('worker');
  await using closing = new AsyncDisposableStack();

  const catalog = createCatalog(settings.QUARTERDECK_CATALOG, { logger });
  closing.defer(() => catalog.close());
  const client = connectClient(temporal);
  closing.defer(() => client.connection.close());
  const engine = await createPolicyEngine(policyEngineConfig(settings), env);
  const { queues, encryption } = temporal;
  const activities = createActivities({ settings, env, catalog, client, queues, encryption, engine });

  const readiness = createReadiness(client);
  const { HOST: host, WORKER_HEALTH_PORT: port } = settings;
  if (port !== undefined) {
    const { unready } = readiness;
    const server = await startHealthServer({ host, port, metrics, logger, unready });
    closing.defer(() => {
      server.close();
      server.closeAllConnections();
    });
    logger.info({ address: server.address() }, 'serving health checks');
  }

  // The activity observer logs every activity with its run and duration.
  installRuntime(logger, (message) => message.startsWith('Activity '));
  const waiting = { logger, abortSignal };
  readiness.waitFor(`waiting for Temporal at ${temporal.address}`);
  const [code, connection] = await Promise.all([
    bundleWorkflows(failureConverterPath(temporal.encryption)),
    connectWorker(temporal, waiting),
  ]);
  closing.defer(() => connection.close());

  readiness.waitFor('waiting for search attributes to be registered');
  await awaitSearchAttributes(connection, temporal.namespace, waiting);

  const ending = new AbortController();
  const keeping = keepDriftSchedules({
    checks: catalog.driftChecks,
    sync: createDriftScheduleSync({ schedules: client.schedule, taskQueue: queues.provision, logger }),
    logger,
    abortSignal: AbortSignal.any([abortSignal, ending.signal]),
  });
  closing.defer(() => {
    ending.abort();
    return keeping;
  });

  const { namespace } = temporal;
  await pollForWork({
    settings,
    logger,
    metrics,
    connection,
    namespace,
    queues,
    dataConverter: createDataConverter(encryption),
    code,
    activities,
    readiness,
    abortSignal,
  });
};
