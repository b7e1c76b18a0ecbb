import type { RunStatus } from '../../workflows/contract/run-status.ts';

/** A run that is followed, and when to look at it again. */
export interface Followed {
  fingerprint: string | null;
  status: RunStatus | null;
  owed: boolean;
  /** Looks in a row that went wrong. */
  failed: number;
  /** Times in a row that somebody could not be told. */
  untold: number;
  dueAt: number;
  /** Somebody asked for a look since the last one began: what it saw may be old already. */
  wanted: boolean;
  /** When it is told again although nothing has changed; null when everybody knows. */
  tellAt: number | null;
}

export const unseen = (): Followed => ({
  fingerprint: null,
  status: null,
  owed: false,
  failed: 0,
  untold: 0,
  dueAt: 0,
  wanted: false,
  tellAt: null,
});

const second = 1000;

/** Each time longer, up to a minute. */
export const backOffMs = (failed: number): number => Math.min(60 * second, second * 2 ** Math.min(failed, 6));

/** How long a run may be left alone: what moves is looked at often, what waits for people rarely. */
export const nextLookMs = ({
  status,
  owed,
  failed,
}: Pick<Followed, 'status' | 'owed' | 'failed'>): number => {
  if (failed > 0) return backOffMs(failed);
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
