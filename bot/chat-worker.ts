import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from '@temporalio/worker';
import { connectWorker } from '../runtime/connect-worker.ts';
import type { Logger } from '../runtime/logger.ts';
import type { TemporalSettings } from '../runtime/temporal.ts';
import type { ChatActivities } from '../workflows/contract/activities.ts';
import { taskQueues } from '../workflows/contract/task-queues.ts';

export interface ChatWorkerOptions {
  readonly settings: TemporalSettings;
  readonly notifyUsers: ChatActivities['notifyUsers'];
  readonly logger: Logger;
  readonly abortSignal: AbortSignal;
}

const restartAfterMs = 2000;

const runOnce = async (options: ChatWorkerOptions): Promise<void> => {
  const { settings, notifyUsers, logger, abortSignal } = options;
  const connection = await connectWorker(settings, { logger, abortSignal });
  try {
    const worker = await Worker.create({
      connection,
      namespace: settings.namespace,
      taskQueue: taskQueues.chat,
      activities: { notify_users: notifyUsers },
      maxConcurrentActivityTaskExecutions: 20,
      shutdownGraceTime: '10s',
    });
    const stop = (): void => worker.shutdown();
    abortSignal.addEventListener('abort', stop, { once: true });
    if (abortSignal.aborted) stop();
    await worker.run();
  } finally {
    await connection.close();
  }
};

/** Polls `chat` for notify_users alone, until the signal; begins again when the connection breaks for good. */
export const runChatWorker = async (options: ChatWorkerOptions): Promise<void> => {
  const { logger, abortSignal } = options;
  while (!abortSignal.aborted) {
    try {
      await runOnce(options);
    } catch (error) {
      if (abortSignal.aborted) return;
      logger.warn({ error: String(error) }, 'the chat worker stopped; it begins again');
      await pause(restartAfterMs, undefined, { signal: abortSignal }).catch(() => undefined);
    }
  }
};
