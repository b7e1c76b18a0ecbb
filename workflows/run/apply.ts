import { CancellationScope, log } from '@temporalio/workflow';
import type { TerraformInput } from '../contract/activities.ts';
import type { AppliedRecord } from '../contract/environment.ts';
import type { SavedPlan } from '../contract/plan.ts';
import type { PolicyVerdict } from '../contract/policy.ts';
import { withPreviousRevision } from '../contract/stored-views.ts';
import type { PipelineParts, RunOutcome } from './pipeline.ts';
import type { CommonActivities } from './proxies.ts';
import { getPartialApply } from './run-stage.ts';
import type { RunState } from './run-state.ts';

/** A plan, its policy result, and the digest over both that an approval names. */
export interface EvaluatedPlan {
  readonly plan: SavedPlan;
  readonly verdict: PolicyVerdict;
  readonly digest: string;
}

/** The record of a completed apply, which the `environment` workflow keeps. */
export const createAppliedRecord = (run: RunState, revision: string, digest: string): AppliedRecord => {
  const { workflowId, requestedBy, approval } = run.view;
  const decision = approval?.decision;
  const approvedBy = decision?.outcome === 'approved' ? decision.votes.map((vote) => vote.by) : [];
  const at = run.now();
  return withPreviousRevision({ workflowId, revision, digest, at, requestedBy, approvedBy });
};

/** Applies the evaluated plan. After an interrupted apply, a new plan shows the remaining changes. */
export const createApply = ({
  run,
  activities,
  runStage,
  publisher,
}: Omit<PipelineParts, 'approval'> & { readonly activities: CommonActivities }) => {
  const planRemaining = async (input: Omit<TerraformInput, 'attempt'>): Promise<void> => {
    const attempt = run.stages.takeAttempt('terraform_plan');
    try {
      const { plan } = await activities.terraform_plan({ ...input, attempt });
      run.set({ remaining: { summary: plan.summary, text: plan.text, digest: plan.file.sha256 } });
    } catch (error) {
      log.warn('no new plan after the interrupted apply', { error: String(error) });
    }
  };

  const recordPartialApply = (error: unknown): boolean => {
    const applied = getPartialApply(error);
    if (!applied) return false;
    const { done, total } = applied;
    const message = `stopped after ${done} of ${total} resources`;
    run.set({ applied });
    run.record({ kind: 'apply_aborted', done, total, message });
    return true;
  };

  return async (
    input: Omit<TerraformInput, 'attempt'>,
    evaluated: EvaluatedPlan,
    outcome: RunOutcome,
  ): Promise<void> => {
    const { digest } = evaluated;
    publisher.setViewStatus('applying');
    run.record({ kind: 'applying', digest });
    try {
      const { applied } = await runStage('terraform_apply', (attempt) =>
        activities.terraform_apply({ ...input, attempt, ...evaluated }),
      );
      run.set({ applied });
      outcome.applied = createAppliedRecord(run, input.revision, digest);
      const { added, changed, destroyed } = applied;
      run.record({ kind: 'applied', digest, revision: input.revision, added, changed, destroyed });
    } catch (error) {
      if (recordPartialApply(error)) {
        outcome.unfinished = true;
        await CancellationScope.nonCancellable(() => planRemaining(input));
      }
      throw error;
    }
  };
};
