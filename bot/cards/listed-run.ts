import type { StageProgress } from '../../workflows/contract/activities.ts';
import type { RunStatus } from '../../workflows/contract/run-status.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import type { StageName } from '../../workflows/contract/stage.ts';
import type { RunSubject } from '../../workflows/contract/target.ts';

/** A run as it is now: its view from Temporal, and the progress of its running stages. */
export interface LiveRun {
  readonly view: RunView;
  /** The last heartbeat of each running stage. */
  readonly live: Partial<Record<StageName, StageProgress>>;
  /** How the run was closed in Temporal without the workflow recording it; null otherwise. */
  readonly externalEnd: 'terminated' | 'timed out' | null;
}

/** A run in a list. Times are milliseconds since the epoch. */
export interface ListedRun extends RunSubject {
  readonly workflowId: string;
  /** The name where it is known, else the work email. */
  readonly requester: string;
  readonly askedAt: number;
  readonly endedAt: number | null;
  readonly status: RunStatus;
  readonly externalEnd: LiveRun['externalEnd'];
  /** The last state that the bot read; null for a run that it has not read yet. */
  readonly snapshot: LiveRun | null;
}

/** A run that the bot has read, as a list entry. */
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
