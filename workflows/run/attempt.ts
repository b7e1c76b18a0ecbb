import { TemporalFailure } from '@temporalio/common';
import type { RunStatus } from '../contract/run-status.ts';
import type { RunTarget } from '../contract/target.ts';
import type { Announce } from './announce.ts';
import type { Cancellation } from './cancellation.ts';
import { describeFailure } from './perform.ts';
import type { Pipeline, RunOutcome } from './pipeline.ts';
import type { EnvironmentLock } from './place.ts';
import type { ReadTarget } from './read-target.ts';
import type { RunState } from './run.ts';

interface Parts<Target extends RunTarget> {
  readonly run: RunState;
  readonly place: EnvironmentLock;
  readonly pipeline: Pipeline<Target>;
  readonly cancellation: Cancellation;
  readonly announce: Announce;
  readonly readTarget: ReadTarget<Target>;
}

/** One way through the queue and the stages; a retry is another. Always gives the environment back. */
export const createAttempt = <Target extends RunTarget>(parts: Parts<Target>) => {
  const { run, place, pipeline, cancellation, announce, readTarget } = parts;

  const work = async (leaves: RunOutcome): Promise<RunStatus> => {
    const ending = await cancellation.guard(async () => {
      const turn = await place.enter();
      // The wait may have been long: what counts is what the catalog says when the turn has come.
      const target = await readTarget();
      run.record({ kind: 'started' });
      announce.passing('running');
      return pipeline.work(target, turn, leaves);
    });
    if (ending === 'succeeded') run.record({ kind: 'succeeded' });
    return ending;
  };

  const explain = (error: unknown): RunStatus => {
    // Anything else is a bug: the task is tried again until the code is mended, and nothing is lost.
    if (!(error instanceof TemporalFailure)) throw error;
    const { request } = cancellation;
    if (request && !run.view.failure) {
      run.record({ kind: 'cancelled', ...request });
      return 'cancelled';
    }
    const failure = run.view.failure ?? describeFailure(run.stages.first, error);
    run.set({ failure });
    run.record({ kind: 'failed', stage: failure.stage, message: failure.message });
    return 'failed';
  };

  const attempt: Attempt = async () => {
    const leaves: RunOutcome = { applied: null, unfinished: false };
    const status = await work(leaves).catch(explain);
    const { request } = cancellation;
    if (request && status !== 'cancelled')
      run.record({ kind: 'not_counted', by: request.by, why: `the cancellation came too late: ${status}` });
    run.set({ endedAt: run.now() });
    announce.status(status);
    await place.leave(leaves);
    return status;
  };
  return attempt;
};

export type Attempt = () => Promise<RunStatus>;
