import type { RunStatus } from '../../workflows/contract/run-status.ts';

/** A run that is being watched, and when to poll it next. Times are milliseconds since the epoch. */
export interface WatchedRun {
  /** Of the last state that was published; null before the first. */
  fingerprint: string | null;
  status: RunStatus | null;
  /** A conversation did not get the latest progress yet. */
  progressDeferred: boolean;
  /** Polls in a row that failed. */
  failedPolls: number;
  /** Publications in a row that did not reach every conversation. */
  failedDeliveries: number;
  dueAt: number;
  /** A poll was requested since the last one began, so what that one read may be outdated. */
  pollRequested: boolean;
  /** When to publish again although nothing changed; null when every conversation is up to date. */
  redeliverAt: number | null;
}

export const createWatchedRun = (): WatchedRun => ({
  fingerprint: null,
  status: null,
  progressDeferred: false,
  failedPolls: 0,
  failedDeliveries: 0,
  dueAt: 0,
  pollRequested: false,
  redeliverAt: null,
});

const second = 1000;

/** Exponential backoff: two seconds after the first failure, at most a minute. */
export const backoffMs = (failures: number): number =>
  Math.min(60 * second, second * 2 ** Math.min(failures, 6));

/** The time until the next poll: a second while a run makes progress, longer while it waits for people. */
export const pollDelayMs = ({
  status,
  progressDeferred,
  failedPolls,
}: Pick<WatchedRun, 'status' | 'progressDeferred' | 'failedPolls'>): number => {
  if (failedPolls > 0) return backoffMs(failedPolls);
  if (progressDeferred) return second;
  switch (status) {
    case 'running':
    case 'applying':
    case null:
      return second;
    case 'queued':
      return 5 * second;
    default:
      return 30 * second;
  }
};
