import { CancellationScope, upsertSearchAttributes } from '@temporalio/workflow';
import type { RunView } from '../contract/run-view.ts';
import { searchAttributes } from '../contract/search-attributes.ts';
import { type RunTarget, toEnvironmentKey } from '../contract/target.ts';
import type { WorkflowTimeouts } from '../timeouts.ts';
import { createAnnounce } from './announce.ts';
import { createAttempt } from './attempt.ts';
import { createCancellation } from './cancellation.ts';
import { createCommands } from './commands.ts';
import { createConduct } from './conduct.ts';
import { createGate } from './gate.ts';
import { registerHandlers } from './handlers.ts';
import { createNotifier } from './notices.ts';
import { createStageRunner } from './perform.ts';
import type { Pipeline, PipelineParts } from './pipeline.ts';
import { createEnvironmentLock } from './place.ts';
import type { CommonActivities } from './proxies.ts';
import { createQuestion } from './question.ts';
import { createReadTarget } from './read-target.ts';
import { createRetry } from './retry.ts';
import type { RunState } from './run.ts';

/** What tells one kind of run from another. */
export interface RunDefinition<Target extends RunTarget> {
  readonly run: RunState;
  readonly limits: WorkflowTimeouts;
  readonly activities: CommonActivities;
  /** Asks the catalog. */
  readonly resolve: () => Promise<Target>;
  /** What was asked for, for the timeline. */
  readonly refOf: (target: Target | null) => string;
  readonly pipeline: (parts: PipelineParts) => Pipeline<Target>;
}

/** Leads a run, whatever it runs: queue, stages, question, decisions, retries, and telling people. */
export const executeRun = <Target extends RunTarget>(plan: RunDefinition<Target>): Promise<RunView> => {
  const { run, limits, activities, refOf } = plan;
  const cancellation = createCancellation();
  const retry = createRetry(run, limits.retryWindowMs);

  // Whoever asks before the first stage gets an answer too: handlers come before anything that waits.
  const known: { target: Target | null } = { target: null };
  const approvers = () => known.target && ((known.target.approval ?? known.target.override)?.approvers ?? []);
  const commands = createCommands({ run, gate: createGate(run), cancellation, retry, approvers });
  registerHandlers(run, commands, approvers);
  const place = createEnvironmentLock(run, activities, limits);

  const outside = { cancelled: false };
  CancellationScope.current().cancelRequested.catch(() => {
    outside.cancelled = true;
    cancellation.ask({ by: null, reason: null });
  });

  // A cancellation from outside stops the work alone: giving back the environment and telling people goes on.
  return CancellationScope.nonCancellable(() => {
    const { service, environment } = toEnvironmentKey(run.view);
    upsertSearchAttributes([
      { key: searchAttributes.service, value: service },
      { key: searchAttributes.environment, value: environment },
      { key: searchAttributes.requester, value: run.view.requestedBy.id },
    ]);
    const notices = createNotifier(activities.notify_users, run.view.workflowId);
    const announce = createAnnounce(run, notices);
    const perform = createStageRunner(run, cancellation);
    const question = createQuestion(run, announce);
    const pipeline = plan.pipeline({ run, perform, question, announce });
    const readTarget = createReadTarget(run, plan.resolve, (target) => {
      known.target = target;
    });
    const attempt = createAttempt({ run, place, pipeline, cancellation, announce, readTarget });
    notices.start();
    return createConduct({
      run,
      attempt,
      pipeline,
      retry,
      cancellation,
      announce,
      notices,
      readTarget,
      refOf,
      isCancelledFromOutside: () => outside.cancelled,
    })();
  });
};
