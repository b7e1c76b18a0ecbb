import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from '@temporalio/worker';
import { createDataConverter } from '../../encryption/data-converter.ts';
import { connectWorker } from '../../runtime/connect-worker.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { TemporalSettings } from '../../runtime/temporal-settings.ts';
import type { ChatActivities } from '../../workflows/contract/activities.ts';
import { taskQueues } from '../../workflows/contract/task-queues.ts';

export interface ChatWorkerOptions {
  readonly settings: TemporalSettings;
  readonly activities: ChatActivities;
  readonly logger: Logger;
  readonly abortSignal: AbortSignal;
}

const restartAfterMs = 2000;

/** Runs a worker until it fails or the signal aborts. A worker that has ended cannot be shut down again. */
export const runUntil = async (worker: Worker, abortSignal: AbortSignal): Promise<void> => {
  const stop = (): void => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const running = worker.run();
  if (abortSignal.aborted) stop();
  abortSignal.addEventListener('abort', stop, { once: true });
  try {
    await running;
  } finally {
    abortSignal.removeEventListener('abort', stop);
  }
};

const runOnce = async (options: ChatWorkerOptions): Promise<void> => {
  const { settings, activities, logger, abortSignal } = options;
  const connection = await connectWorker(settings, { logger, abortSignal });
  try {
    if (abortSignal.aborted) return;
    const worker = await Worker.create({
      connection,
      namespace: settings.namespace,
      dataConverter: createDataConverter(settings.encryption),
      taskQueue: taskQueues.chat,
      activities: { notify_users: activities.notifyUsers, report_drift: activities.reportDrift },
      maxConcurrentActivityTaskExecutions: 20,
      shutdownGraceTime: '10s',
    });
    await runUntil(worker, abortSignal);
  } finally {
    await connection.close();
  }
};

/** Polls the task queue `chat` until the signal aborts; restarts when the worker fails. */
export const runChatWorker = async (options: ChatWorkerOptions): Promise<void> => {
  const { logger, abortSignal } = options;
  while (!abortSignal.aborted) {
    try {
      await runOnce(options);
    } catch (error) {
      if (abortSignal.aborted) return;
      logger.warn({ err: error }, 'chat worker failed; restarting');
      await pause(restartAfterMs, undefined, { signal: abortSignal }).catch(() => undefined);
    }
  }
};
