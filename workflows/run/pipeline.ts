import type { AppliedRecord, LockGrant } from '../contract/environment.ts';
import type { StageName } from '../contract/stage.ts';
import type { RunTarget } from '../contract/target.ts';
import type { Approval } from './approval.ts';
import type { RunStage } from './run-stage.ts';
import type { RunState } from './run-state.ts';
import type { StatusPublisher } from './status-publisher.ts';

/** How the stages of a run end when none fails. */
export type PipelineResult = 'succeeded' | 'no_changes' | 'denied' | 'expired';

/** What a run reports when it releases its environment lock. */
export interface RunOutcome {
  applied: AppliedRecord | null;
  /** True after an apply that started and did not complete. */
  unfinished: boolean;
}

/** The parts of a run that its stages use. */
export interface PipelineParts {
  readonly run: RunState;
  readonly runStage: RunStage;
  readonly approval: Approval;
  readonly publisher: StatusPublisher;
}

/** The stages of one kind of run. */
export interface Pipeline<Target extends RunTarget> {
  /** Prepares a retry: keeps completed stages, so that `work` runs the others. */
  readonly resume: (failedAt: StageName) => void;
  /** Runs the stages, and fills `outcome`. */
  readonly work: (target: Target, grant: LockGrant, outcome: RunOutcome) => Promise<PipelineResult>;
}
