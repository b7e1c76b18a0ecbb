import { TemporalFailure } from '@temporalio/common';
import { CancellationScope, condition } from '@temporalio/workflow';
import type { Person } from '../contract/person.ts';
import type { RunStatus } from '../contract/run-status.ts';
import type { RunTarget } from '../contract/target.ts';
import type { EnvironmentLock } from './environment-lock.ts';
import type { Pipeline, RunOutcome } from './pipeline.ts';
import { describeFailure } from './run-stage.ts';
import type { RunState } from './run-state.ts';
import type { StatusPublisher } from './status-publisher.ts';

/** Who cancelled the run; `by` is null for Temporal's UI, CLI or API. */
interface CancelRequest {
  readonly by: Person | null;
  readonly reason: string | null;
}

/** Stops the stages of a run, while its handlers, its cleanup and its notifications continue. */
export interface Cancellation {
  readonly current: CancelRequest | null;
  /** The first request counts. */
  request(request: CancelRequest): void;
  reset(): void;
  /** Runs work that `request` cancels, also when the request came before the work. */
  guard<Result>(work: () => Promise<Result>): Promise<Result>;
}

export const createCancellation = (): Cancellation => {
  let scope: CancellationScope | null = null;
  let current: CancelRequest | null = null;
  return {
    get current() {
      return current;
    },
    request: (request) => {
      current ??= request;
      scope?.cancel();
    },
    reset: () => {
      current = null;
    },
    guard: async (work) => {
      const inner = new CancellationScope();
      scope = inner;
      if (current) inner.cancel();
      try {
        return await inner.run(work);
      } finally {
        scope = null;
      }
    },
  };
};

/** Keeps a failed run open for a while, so that a person can fix the cause and resume it. */
export interface RetryWindow {
  isOpen(): boolean;
  /** Why a retry is not possible, as a clause. */
  whyClosed(): string;
  request(by: Person): void;
  /** Resolves to the person who retries; null when the window closes or `isStopped` becomes true first. */
  wait(isStopped: () => boolean): Promise<Person | null>;
}

export const createRetryWindow = (run: RunState, windowMs: number): RetryWindow => {
  let requestedBy: Person | null = null;
  return {
    isOpen: () => {
      const { retryUntil } = run.view;
      return requestedBy === null && retryUntil !== null && run.now() < retryUntil;
    },
    whyClosed: () =>
      run.view.status === 'failed'
        ? 'the time to retry is over'
        : `the run has not failed (${run.view.status})`,
    request: (by) => {
      requestedBy = by;
    },
    wait: async (isStopped) => {
      requestedBy = null;
      run.set({ retryUntil: run.now() + windowMs });
      await condition(() => requestedBy !== null || isStopped(), windowMs);
      run.set({ retryUntil: null });
      return requestedBy;
    },
  };
};

interface AttemptParts<Target extends RunTarget> {
  readonly run: RunState;
  readonly lock: EnvironmentLock;
  readonly pipeline: Pipeline<Target>;
  readonly cancellation: Cancellation;
  readonly publisher: StatusPublisher;
  readonly resolveTarget: () => Promise<Target>;
}

/** One pass through the queue and the stages; a retry is another one. Always releases the environment lock. */
export const createAttempt = <Target extends RunTarget>({
  run,
  lock,
  pipeline,
  cancellation,
  publisher,
  resolveTarget,
}: AttemptParts<Target>) => {
  const work = async (outcome: RunOutcome): Promise<RunStatus> => {
    const result = await cancellation.guard(async () => {
      const grant = await lock.acquire();
      // The wait can be long, so the catalog's current version counts.
      const target = await resolveTarget();
      run.record({ kind: 'started' });
      publisher.setViewStatus('running');
      return pipeline.work(target, grant, outcome);
    });
    if (result === 'succeeded') run.record({ kind: 'succeeded' });
    return result;
  };

  const explain = (error: unknown): RunStatus => {
    // Any other error is a bug: Temporal retries the workflow task until the code is fixed, and nothing is lost.
    if (!(error instanceof TemporalFailure)) throw error;
    const { current } = cancellation;
    if (current && !run.view.failure) {
      run.record({ kind: 'cancelled', ...current });
      return 'cancelled';
    }
    const failure = run.view.failure ?? describeFailure(run.stages.first, error);
    run.set({ failure });
    run.record({ kind: 'failed', stage: failure.stage, message: failure.message });
    return 'failed';
  };

  return async (): Promise<RunStatus> => {
    const outcome: RunOutcome = { applied: null, unfinished: false };
    const status = await work(outcome).catch(explain);
    const { current } = cancellation;
    if (current && status !== 'cancelled')
      run.record({ kind: 'not_counted', by: current.by, why: `the cancellation came too late: ${status}` });
    run.set({ endedAt: run.now() });
    publisher.publishStatus(status);
    await lock.release(outcome);
    return status;
  };
};
