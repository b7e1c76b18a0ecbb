import type { RunStatus } from '../../workflows/contract/run-status.ts';
import type { RunSubject } from '../../workflows/contract/target.ts';
import type { LiveRun } from './live-run.ts';

/** A run as a list shows it. Times are milliseconds since the epoch. */
export interface ListedRun extends RunSubject {
  readonly workflowId: string;
  /** Work e-mail, or the name where it is known. */
  readonly requester: string;
  readonly askedAt: number;
  readonly endedAt: number | null;
  readonly status: RunStatus;
  readonly externalEnd: LiveRun['externalEnd'];
  /** As the bot saw it last; null for a run that it has not looked at yet. */
  readonly snapshot: LiveRun | null;
}

/** A run that was looked at, for lists. */
export const toListedRun = (run: LiveRun): ListedRun => {
  const { view, externalEnd } = run;
  const { workflowId, name, environment, requestedBy, askedAt, endedAt, status } = view;
  const requester = requestedBy.name;
  return {
    workflowId,
    name,
    environment,
    requester,
    askedAt,
    endedAt,
    status,
    externalEnd,
    snapshot: run,
  };
};
