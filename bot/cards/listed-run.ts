import type { StageProgress } from '../../workflows/contract/activities.ts';
import type { RunStatus } from '../../workflows/contract/run-status.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import type { StageName } from '../../workflows/contract/stage.ts';
import type { RunSubject } from '../../workflows/contract/target.ts';

/** A run as it is now: what Temporal holds, and what its running stages are saying. */
export interface LiveRun {
  readonly view: RunView;
  /** Heartbeats of the stages that are running. */
  readonly live: Partial<Record<StageName, StageProgress>>;
  /** How somebody ended it from outside, when the workflow itself could not say so. */
  readonly endedOutside: 'terminated' | 'timed out' | null;
}

/** A run as a list shows it. Times are milliseconds since the epoch. */
export interface ListedRun extends RunSubject {
  readonly workflowId: string;
  /** Work e-mail, or the name where it is known. */
  readonly requester: string;
  readonly askedAt: number;
  readonly endedAt: number | null;
  readonly status: RunStatus;
  readonly endedOutside: LiveRun['endedOutside'];
  /** As the bot saw it last; null for a run that it has not looked at yet. */
  readonly snapshot: LiveRun | null;
}

/** A run that was looked at, for lists. */
export const toListedRun = (run: LiveRun): ListedRun => {
  const { view, endedOutside } = run;
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
    endedOutside,
    snapshot: run,
  };
};
