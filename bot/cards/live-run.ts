import type { StageProgress } from '../../workflows/contract/activities.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import type { StageName } from '../../workflows/contract/stage.ts';

/** A run as it is now: what Temporal holds, and what its running stages are saying. */
export interface LiveRun {
  readonly view: RunView;
  /** Heartbeats of the stages that are running. */
  readonly live: Partial<Record<StageName, StageProgress>>;
  /** How somebody ended it from outside, when the workflow itself could not say so. */
  readonly externalEnd: 'terminated' | 'timed out' | null;
}
