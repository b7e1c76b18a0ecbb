import { taskQueues } from './contract/task-queues.ts';

/** How long the workflows wait for this and that. Tests bring shorter ones. Milliseconds. */
export interface Limits {
  /** How long a failed run stays open for `retry`. */
  readonly retryWindow: number;
  /** Silence after which a worker counts as lost. */
  readonly heartbeat: number;
  /** First pause before a failed activity is tried again. */
  readonly retryPause: number;
  /** A waiting run asks for its place again after these pauses; the last one repeats. */
  readonly reenter: readonly number[];
  /** How often the environment looks whether its holder still lives, while somebody waits. */
  readonly liveness: number;
  /** History length at which the environment starts afresh; null leaves it to the server. */
  readonly freshAfterEvents: number | null;
  /** How long a report of drift is tried to be told. */
  readonly driftTelling: number;
  /** The queue of `notify_users`; tests that share a server keep theirs apart. */
  readonly chatQueue: () => string;
}

const second = 1_000;
const minute = 60 * second;

export const usualLimits: Limits = {
  retryWindow: 60 * minute,
  heartbeat: 30 * second,
  retryPause: 2 * second,
  reenter: [minute, 2 * minute, 5 * minute],
  liveness: 15 * second,
  freshAfterEvents: null,
  driftTelling: 60 * minute,
  chatQueue: () => taskQueues.chat,
};
