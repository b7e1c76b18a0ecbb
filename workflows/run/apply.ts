import { CancellationScope, log } from '@temporalio/workflow';
import type { TerraformInput } from '../contract/activities.ts';
import type { AppliedRecord } from '../contract/environment.ts';
import type { SavedPlan } from '../contract/plan.ts';
import type { PolicyVerdict } from '../contract/policy.ts';
import { withPreviousRevision } from '../contract/stored-views.ts';
import type { Announce } from './announce.ts';
import type { RunStage } from './perform.ts';
import { getPartialApply } from './perform.ts';
import type { CommonActivities } from './proxies.ts';
import type { RunState } from './run.ts';

export interface EvaluatedPlan {
  readonly plan: SavedPlan;
  readonly verdict: PolicyVerdict;
  readonly digest: string;
}

interface Parts {
  readonly run: RunState;
  readonly activities: CommonActivities;
  readonly perform: RunStage;
  readonly announce: Announce;
}

/** What a run leaves behind. */
export const createAppliedRecord = (run: RunState, revision: string, digest: string): AppliedRecord => {
  const { workflowId, requestedBy, approval } = run.view;
  const decision = approval?.decision;
  const approvedBy = decision?.outcome === 'approved' ? decision.votes.map((vote) => vote.by) : [];
  const at = run.now();
  return withPreviousRevision({ workflowId, revision, digest, at, requestedBy, approvedBy });
};

/** Applies the plan that was judged. When that stops half-way, a fresh plan says what is left to do. */
export const createApply = ({ run, activities, perform, announce }: Parts) => {
  const planAgain = async (input: Omit<TerraformInput, 'attempt'>): Promise<void> => {
    const attempt = run.stages.takeAttempt('terraform_plan');
    try {
      const { plan } = await activities.terraform_plan({ ...input, attempt });
      run.set({ remaining: { summary: plan.summary, text: plan.text, digest: plan.file.sha256 } });
    } catch (error) {
      log.warn('no fresh plan after the apply that stopped', { error: String(error) });
    }
  };

  const tellAborted = (error: unknown): boolean => {
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
    judged: EvaluatedPlan,
    leaves: { unfinished: boolean; applied: AppliedRecord | null },
  ): Promise<void> => {
    const { digest } = judged;
    announce.passing('applying');
    run.record({ kind: 'applying', digest });
    try {
      const { applied } = await perform('terraform_apply', (attempt) =>
        activities.terraform_apply({ ...input, attempt, ...judged }),
      );
      run.set({ applied });
      leaves.applied = createAppliedRecord(run, input.revision, digest);
      const { added, changed, destroyed } = applied;
      run.record({ kind: 'applied', digest, revision: input.revision, added, changed, destroyed });
    } catch (error) {
      if (tellAborted(error)) {
        leaves.unfinished = true;
        await CancellationScope.nonCancellable(() => planAgain(input));
      }
      throw error;
    }
  };
};
