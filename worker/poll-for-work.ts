import { type NativeConnection, Worker } from '@temporalio/worker';
import type { Logger } from '../runtime/logger.ts';
import type { Metrics } from '../runtime/metrics.ts';
import { taskQueues } from '../workflows/contract/task-queues.ts';
import type { WorkerEnv } from './env.ts';
import { observeActivities } from './observe-activities.ts';
import type { Readiness } from './readiness.ts';
import { registerActivities, type WorkerActivities } from './registered-activities.ts';
import { workerOptions } from './worker-options.ts';

interface PollOptions {
  readonly settings: WorkerEnv;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** The bundled workflows. */
  readonly code: string;
  readonly activities: WorkerActivities;
  readonly readiness: Readiness;
  readonly abortSignal: AbortSignal;
}

const aborted = (abortSignal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (abortSignal.aborted) resolve();
    else abortSignal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Takes work until it is told to stop, then lets running stages finish within the grace time. */
export const pollForWork = async (options: PollOptions): Promise<void> => {
  const { settings, logger, metrics, connection, namespace, abortSignal } = options;
  const worker = await Worker.create({
    ...workerOptions(settings),
    connection,
    namespace,
    workflowBundle: { code: options.code },
    activities: registerActivities(options.activities),
    interceptors: { activity: [observeActivities(logger, metrics)] },
  });
  options.readiness.watch(worker);
  logger.info({ taskQueue: taskQueues.cicd, namespace }, 'taking work');
  await worker.runUntil(aborted(abortSignal));
  logger.info('stopped');
};
