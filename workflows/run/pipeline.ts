import type { AppliedRecord, LockGrant } from '../contract/environment.ts';
import type { StageName } from '../contract/stage.ts';
import type { RunTarget } from '../contract/target.ts';
import type { Announce } from './announce.ts';
import type { RunStage } from './perform.ts';
import type { Question } from './question.ts';
import type { RunState } from './run.ts';

export type PipelineResult = 'succeeded' | 'no_changes' | 'denied' | 'expired';

/** What a run tells its environment when it leaves. */
export interface RunOutcome {
  applied: AppliedRecord | null;
  unfinished: boolean;
}

/** What a pipeline is made from. */
export interface PipelineParts {
  readonly run: RunState;
  readonly perform: RunStage;
  readonly question: Question;
  readonly announce: Announce;
}

/** The stages of one kind of run. */
export interface Pipeline<Target extends RunTarget> {
  /** After a failure: keeps what is good, so that `work` does the rest. */
  readonly resume: (failedAt: StageName) => void;
  readonly work: (target: Target, turn: LockGrant, leaves: RunOutcome) => Promise<PipelineResult>;
}
