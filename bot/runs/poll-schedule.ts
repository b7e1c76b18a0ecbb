import type { RunStatus } from '../../workflows/contract/run-status.ts';

/** A run that is followed, and when to look at it again. */
export interface WatchedRun {
  fingerprint: string | null;
  status: RunStatus | null;
  progressDeferred: boolean;
  /** Looks in a row that went wrong. */
  failedPolls: number;
  /** Times in a row that somebody could not be told. */
  failedDeliveries: number;
  dueAt: number;
  /** Somebody asked for a look since the last one began: what it saw may be old already. */
  pollRequested: boolean;
  /** When it is told again although nothing has changed; null when everybody knows. */
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

/** Each time longer, up to a minute. */
export const backoffMs = (failed: number): number => Math.min(60 * second, second * 2 ** Math.min(failed, 6));

/** How long a run may be left alone: what moves is looked at often, what waits for people rarely. */
export const pollDelayMs = ({
  status,
  progressDeferred: owed,
  failedPolls: failed,
}: Pick<WatchedRun, 'status' | 'progressDeferred' | 'failedPolls'>): number => {
  if (failed > 0) return backoffMs(failed);
  if (owed) return second;
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
