import { ApplicationFailure, CancelledFailure, TemporalFailure } from '@temporalio/common';
import { failureTypes } from '../contract/failure.ts';
import type { Person } from '../contract/person.ts';
import type { RunStatus } from '../contract/run-status.ts';
import type { RunView } from '../contract/run-view.ts';
import type { RunTarget } from '../contract/target.ts';
import type { Announce } from './announce.ts';
import type { Attempt } from './attempt.ts';
import type { Cancellation } from './cancellation.ts';
import type { Notifier } from './notices.ts';
import { describeFailure } from './perform.ts';
import type { Pipeline } from './pipeline.ts';
import type { ReadTarget } from './read-target.ts';
import type { Retry } from './retry.ts';
import type { RunState } from './run.ts';

interface Parts<Target extends RunTarget> {
  readonly run: RunState;
  readonly attempt: Attempt;
  readonly pipeline: Pipeline<Target>;
  readonly retry: Retry;
  readonly cancellation: Cancellation;
  readonly announce: Announce;
  readonly notices: Notifier;
  readonly readTarget: ReadTarget<Target>;
  readonly refOf: (target: Target | null) => string;
  readonly isCancelledFromOutside: () => boolean;
}

/** Leads a run from its target to its end, with as many retries as people ask for. */
export const createConduct = <Target extends RunTarget>(parts: Parts<Target>) => {
  const { run, announce, notices, retry, cancellation } = parts;

  /** What the catalog does not know, also when a retry reads it again, enters no queue. */
  const resolve = async (): Promise<Target | null> => {
    try {
      return await parts.readTarget();
    } catch (error) {
      if (!(error instanceof TemporalFailure)) throw error;
      run.set({ failure: describeFailure(run.stages.first, error), endedAt: run.now() });
      announce.status('failed');
      return null;
    }
  };

  /** The card that shows this row is itself the notice, so the row is done when the notice is sent. */
  const tellEnd = (): void => {
    run.stages.begin('notify_users');
    run.stages.end('notify_users', { state: 'succeeded' });
    notices.tell('finished');
  };

  const end = async (): Promise<RunView> => {
    await notices.delivered();
    const { status, failure } = run.view;
    if (status === 'failed' && failure)
      throw ApplicationFailure.create({
        message: failure.message,
        type: failure.type,
        nonRetryable: true,
        details: [failure],
      });
    if (status === 'cancelled' && parts.isCancelledFromOutside())
      throw new CancelledFailure('cancelled from outside');
    return run.read();
  };

  const begin = async (): Promise<Target | null> => {
    const target = await resolve();
    const { force, requestedBy: by } = run.view;
    run.record({ kind: 'asked', by, ref: parts.refOf(target), force });
    notices.tell('opened');
    return target;
  };

  const attempt = async (target: Target | null): Promise<RunStatus> => {
    if (target) return parts.attempt();
    const { failure } = run.view;
    if (failure) run.record({ kind: 'failed', stage: failure.stage, message: failure.message });
    return 'failed';
  };

  const goOn = (by: Person): void => {
    const from = run.view.failure?.stage ?? run.stages.first;
    run.record({ kind: 'retried', by, from });
    run.set({ failure: null, endedAt: null });
    parts.pipeline.resume(from);
    cancellation.forget();
    announce.status('queued');
    notices.tell('opened');
  };

  return async (): Promise<RunView> => {
    let target = await begin();
    const known = target !== null;
    for (;;) {
      const status = await attempt(target);
      const isFinal = !known || run.view.failure?.type === failureTypes.policyViolation;
      if (status !== 'failed' || isFinal) {
        tellEnd();
        return end();
      }
      const retried = retry.wait(parts.isCancelledFromOutside);
      tellEnd();
      const by = await retried;
      if (!by) {
        // The button goes.
        notices.tell('finished');
        return end();
      }
      goOn(by);
      target = await resolve();
    }
  };
};
