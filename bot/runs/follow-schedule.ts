import type { RunStatus } from '../../workflows/contract/run-status.ts';

/** A run that is followed, and when to look at it again. */
export interface Followed {
  fingerprint: string | null;
  status: RunStatus | null;
  owed: boolean;
  /** Looks in a row that went wrong. */
  failed: number;
  dueAt: number;
}

const second = 1000;

/** How long a run may be left alone: what moves is looked at often, what waits for people rarely. */
export const nextLookMs = ({ status, owed, failed }: Followed): number => {
  if (failed > 0) return Math.min(60 * second, second * 2 ** Math.min(failed, 6));
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
