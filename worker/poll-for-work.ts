import type { DataConverter } from '@temporalio/common';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { KillGracePeriod } from '../activities/process/process-group.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Metrics } from '../runtime/metrics.ts';
import type { RunQueues } from '../workflows/contract/task-queues.ts';
import type { WorkerEnv } from './env.ts';
import { createActivityObserver } from './observe-activities.ts';
import type { Readiness } from './readiness.ts';
import { registerActivities, type WorkerActivities } from './registered-activities.ts';

/** Terraform gets time to finish its current resource: an interrupted creation can leave one outside the state. */
export const terraformKillGracePeriod: KillGracePeriod = {
  interruptMs: 300_000,
  terminateMs: 30_000,
  orphanMs: 5000,
};

/** Time for stages to clean up after the worker cancels them at the end of the grace time. */
const cleanupMs = terraformKillGracePeriod.interruptMs + terraformKillGracePeriod.terminateMs + 30_000;

/** How this worker polls, caches and shuts down. */
const workerOptions = (
  { WORKER_SHUTDOWN_GRACE }: Pick<WorkerEnv, 'WORKER_SHUTDOWN_GRACE'>,
  taskQueue: string,
): WorkerOptions => ({
  taskQueue,
  workflowTaskPollerBehavior: { type: 'autoscaling' },
  activityTaskPollerBehavior: { type: 'autoscaling' },
  // After a worker is killed, its runs wait for this long before another worker takes them.
  stickyQueueScheduleToStartTimeout: '1s',
  // A stage receives a cancellation with the response to a heartbeat.
  maxHeartbeatThrottleInterval: '2s',
  shutdownGraceTime: WORKER_SHUTDOWN_GRACE,
  shutdownForceTime: WORKER_SHUTDOWN_GRACE + cleanupMs,
  // A waiting run costs about 0.25 MB.
  maxCachedWorkflows: 500,
  // Stages run compilers and Terraform: more at once slow each other down, so the rest wait in the queue.
  maxConcurrentActivityTaskExecutions: 30,
});

interface PollOptions {
  readonly settings: WorkerEnv;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly queues: RunQueues;
  /** Encrypts and decrypts payloads. */
  readonly dataConverter: DataConverter;
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

/** Polls all task queues until `abortSignal` aborts, then lets running stages finish within the grace time. */
export const pollForWork = async (options: PollOptions): Promise<void> => {
  const { settings, logger, metrics, connection, namespace, queues, abortSignal } = options;
  const activities = registerActivities(options.activities);
  const interceptors = { activity: [createActivityObserver(logger, metrics)] };
  const workers = await Promise.all(
    [...new Set([queues.deploy, queues.provision])].map((taskQueue) =>
      Worker.create({
        ...workerOptions(settings, taskQueue),
        connection,
        namespace,
        dataConverter: options.dataConverter,
        workflowBundle: { code: options.code },
        activities,
        interceptors,
      }),
    ),
  );
  options.readiness.watch(workers);
  logger.info(
    { taskQueues: workers.map(({ options: { taskQueue } }) => taskQueue), namespace },
    'polling task queues',
  );
  // When one worker fails, stop the others cleanly.
  const ending = new AbortController();
  const ended = Promise.race([aborted(abortSignal), aborted(ending.signal)]);
  const runs = workers.map((worker) => worker.runUntil(ended).finally(() => ending.abort()));
  const failed = (await Promise.allSettled(runs)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  logger.info('stopped');
};
