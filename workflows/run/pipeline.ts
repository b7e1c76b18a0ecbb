import type { AppliedRecord, Turn } from '../contract/environment.ts';
import type { StageName } from '../contract/stage.ts';
import type { RunTarget } from '../contract/target.ts';
import type { Announce } from './announce.ts';
import type { Perform } from './perform.ts';
import type { Question } from './question.ts';
import type { Run } from './run.ts';

export type Ending = 'succeeded' | 'no_changes' | 'denied' | 'expired';

/** What a run tells its environment when it leaves. */
export interface Leaves {
  applied: AppliedRecord | null;
  unfinished: boolean;
}

/** What a pipeline is made from. */
export interface PipelineParts {
  readonly run: Run;
  readonly perform: Perform;
  readonly question: Question;
  readonly announce: Announce;
}

/** The stages of one kind of run. */
export interface Pipeline<Target extends RunTarget> {
  /** After a failure: keeps what is good, so that `work` does the rest. */
  readonly resume: (failedAt: StageName) => void;
  readonly work: (target: Target, turn: Turn, leaves: Leaves) => Promise<Ending>;
}
