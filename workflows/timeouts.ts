import { taskQueues } from './contract/task-queues.ts';

/** Timeouts and intervals of the workflows, in milliseconds. Tests use shorter ones. */
export interface WorkflowTimeouts {
  /** How long a failed run stays open for `retry`. */
  readonly retryWindowMs: number;
  /** A worker without a heartbeat for this long counts as lost. */
  readonly heartbeatTimeoutMs: number;
  /** First interval before a failed activity is retried. */
  readonly retryIntervalMs: number;
  /** Pauses between a waiting run's requests for the environment lock; the last one repeats. */
  readonly requeueBackoffMs: readonly number[];
  /** How often the environment checks that the lock's holder is open, while other runs wait. */
  readonly holderCheckIntervalMs: number;
  /** History length in events at which the environment continues as new; null: when the server suggests it. */
  readonly continueAsNewAfterEvents: number | null;
  /** How long delivery of a drift report is retried. */
  readonly driftReportTimeoutMs: number;
  /** Task queue of `notify_users`; tests that share a server use separate ones. */
  readonly chatQueue: () => string;
}

const second = 1_000;
const minute = 60 * second;

/** The timeouts in production. */
export const defaultTimeouts: WorkflowTimeouts = {
  retryWindowMs: 60 * minute,
  heartbeatTimeoutMs: 30 * second,
  retryIntervalMs: 2 * second,
  requeueBackoffMs: [minute, 2 * minute, 5 * minute],
  holderCheckIntervalMs: 15 * second,
  continueAsNewAfterEvents: null,
  driftReportTimeoutMs: 60 * minute,
  chatQueue: () => taskQueues.chat,
};
