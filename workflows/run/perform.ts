import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { StageResult } from '../contract/activities.ts';
import { failureTypes } from '../contract/failure.ts';
import type { StageName } from '../contract/stage.ts';
import type { Cancellation } from './cancellation.ts';
import { describeFailure, detailsOf } from './failure.ts';
import type { Run } from './run.ts';

/** Runs one stage and keeps its row: when, how it ended, its last lines. */
export const createPerform = (run: Run, cancellation: Cancellation) => {
  const whyStopped = (): string => {
    if (cancellation.request)
      return `cancelled by ${cancellation.request.by?.name ?? 'somebody in Temporal'}`;
    return `stopped, because ${run.view.failure?.stage ?? 'another stage'} failed`;
  };

  return async <Result extends object>(
    name: StageName,
    work: (attempt: number) => Promise<Result>,
    describe?: (result: Result) => string,
  ): Promise<Result> => {
    const attempt = run.stages.begin(name);
    try {
      const result = await work(attempt);
      const said: Partial<StageResult> = result;
      const row = describe ? { ...said, detail: describe(result) } : said;
      run.stages.end(name, { ...row, state: 'succeeded' });
      return result;
    } catch (error) {
      const stopping = CancellationScope.current().consideredCancelled;
      const failure = describeFailure(name, error);
      // What is stopped may end with an error of its own: Terraform that is interrupted, a lost worker.
      const wasStopped = name === 'terraform_apply' || failure.type === failureTypes.interrupted;
      if (isCancellation(error) || (stopping && wasStopped)) {
        run.stages.end(name, { ...detailsOf(error), state: 'cancelled', detail: whyStopped() });
      } else {
        run.stages.end(name, { ...failure, state: 'failed', detail: failure.message });
        if (!run.view.failure) run.set({ failure });
      }
      throw error;
    }
  };
};

export type Perform = ReturnType<typeof createPerform>;
