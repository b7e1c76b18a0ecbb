import type { WorkerOptions } from '@temporalio/worker';
import type { KillGracePeriod } from '../activities/process/process-group.ts';
import type { WorkerEnv } from './env.ts';

/** Terraform is let finish the resource that it is making: half a database is nobody's. */
export const terraformKillGracePeriod: KillGracePeriod = {
  interruptMs: 300_000,
  terminateMs: 30_000,
  orphanMs: 5000,
};

/** After the grace time, stages are cancelled; this is how long they then get to tidy up. */
const tidyUpMs = terraformKillGracePeriod.interruptMs + terraformKillGracePeriod.terminateMs + 30_000;

/** How this worker polls and caches. */
export const workerOptions = (
  { WORKER_SHUTDOWN_GRACE }: Pick<WorkerEnv, 'WORKER_SHUTDOWN_GRACE'>,
  taskQueue: string,
): WorkerOptions => ({
  taskQueue,
  workflowTaskPollerBehavior: { type: 'autoscaling' },
  activityTaskPollerBehavior: { type: 'autoscaling' },
  // A worker that was killed holds its runs back for this long.
  stickyQueueScheduleToStartTimeout: '1s',
  // A cancellation reaches a stage with the answer to a heartbeat.
  maxHeartbeatThrottleInterval: '2s',
  shutdownGraceTime: WORKER_SHUTDOWN_GRACE,
  shutdownForceTime: WORKER_SHUTDOWN_GRACE + tidyUpMs,
  // A waiting run costs about 0.25 MB.
  maxCachedWorkflows: 500,
  // Stages run compilers and Terraform: more at a time make each other slow, and queue better here.
  maxConcurrentActivityTaskExecutions: 30,
});
