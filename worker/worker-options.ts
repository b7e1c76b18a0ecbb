import type { WorkerOptions } from '@temporalio/worker';
import type { KillGracePeriod } from '../activities/process/process-group.ts';
import type { WorkerEnv } from './env.ts';

/** Terraform gets time to finish its current resource: an interrupted creation can leave one outside the state. */
export const terraformKillGracePeriod: KillGracePeriod = {
  interruptMs: 300_000,
  terminateMs: 30_000,
  orphanMs: 5000,
};

/** Time for stages to clean up after the worker cancels them at the end of the grace time. */
const cleanupMs = terraformKillGracePeriod.interruptMs + terraformKillGracePeriod.terminateMs + 30_000;

/** How this worker polls, caches and shuts down. */
export const workerOptions = (
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
