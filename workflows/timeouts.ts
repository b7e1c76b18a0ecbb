import { taskQueues } from './contract/task-queues.ts';

/** How long the workflows wait for this and that. Tests bring shorter ones. Milliseconds. */
export interface WorkflowTimeouts {
  /** How long a failed run stays open for `retry`. */
  readonly retryWindowMs: number;
  /** Silence after which a worker counts as lost. */
  readonly heartbeatTimeoutMs: number;
  /** First pause before a failed activity is tried again. */
  readonly retryIntervalMs: number;
  /** A waiting run asks for its place again after these pauses; the last one repeats. */
  readonly requeueBackoffMs: readonly number[];
  /** How often the environment looks whether its holder still lives, while somebody waits. */
  readonly holderCheckIntervalMs: number;
  /** History length at which the environment starts afresh; null leaves it to the server. */
  readonly continueAsNewAfterEvents: number | null;
  /** How long a report of drift is tried to be told. */
  readonly driftReportTimeoutMs: number;
  /** The queue of `notify_users`; tests that share a server keep theirs apart. */
  readonly chatQueue: () => string;
}

const second = 1_000;
const minute = 60 * second;

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
