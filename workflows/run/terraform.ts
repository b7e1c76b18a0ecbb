import { CancellationScope } from '@temporalio/workflow';
import type { TerraformInput } from '../contract/activities.ts';
import { failureTypes } from '../contract/failure.ts';
import { provisionStages, type StageName } from '../contract/stage.ts';
import type { ApprovalRule } from '../contract/target.ts';
import { createAppliedRecord, createApply, type EvaluatedPlan } from './apply.ts';
import { getFailureType } from './perform.ts';
import type { PipelineParts, PipelineResult, RunOutcome } from './pipeline.ts';
import { createPlanning } from './planning.ts';
import type { CommonActivities } from './proxies.ts';
import { decisionDetail } from './question.ts';

export type TerraformCode = Omit<TerraformInput, 'attempt'>;

/** The plan, and everything that comes of it. */
export const planStages: readonly StageName[] = provisionStages.slice(1, -1);

export const isBeforePlan = (stage: StageName): boolean => !planStages.includes(stage);

/** How often a plan that became stale is made again before a person must look. */
const mostPlans = 5;

/** The catalog's question, or the one that a plan asks by itself: the policy objects, or it destroys a stack. */
const ruleFor = ({ target, destroy }: TerraformCode, { verdict }: EvaluatedPlan): ApprovalRule | null => {
  if (target.approval) return target.approval;
  return verdict.outcome === 'soft' || destroy ? (target.override ?? null) : null;
};

/** Terraform's part of a run: plan, judge, ask, apply what was approved, read the outputs. */
export const createPlanStages = (parts: PipelineParts & { readonly activities: CommonActivities }) => {
  const { run, activities, perform, question, announce } = parts;
  const planning = createPlanning(parts);
  const apply = createApply(parts);

  const planAgain = (remember: boolean): void => {
    planning.forget();
    question.withdraw(remember);
    run.stages.reset(planStages);
  };

  const ask = async (code: TerraformCode, judged: EvaluatedPlan): Promise<PipelineResult | null> => {
    const rule = ruleFor(code, judged);
    if (!rule) {
      run.stages.skip('approval', judged.plan.summary.hasChanges ? 'no approval asked' : 'plan is empty');
      return null;
    }
    const { decision } = await perform(
      'approval',
      async () => ({ decision: await question.ask(rule, judged.digest) }),
      ({ decision }) => decisionDetail(decision),
    );
    if (decision.outcome === 'approved') return null;
    run.stages.end('approval', { state: 'failed', detail: decisionDetail(decision) });
    return decision.outcome;
  };

  /** Asks, then applies. A plan that became stale meanwhile is made, judged and asked about again. */
  const decideAndApply = async (
    fetchCode: () => Promise<TerraformCode>,
    leaves: RunOutcome,
  ): Promise<PipelineResult | 'applied'> => {
    for (let plans = 1; ; plans += 1) {
      const code = await fetchCode();
      const judged = await planning.make(code);
      const ended = await ask(code, judged);
      if (ended) return ended;
      if (!judged.plan.summary.hasChanges) {
        run.stages.skip('terraform_apply', 'plan is empty');
        leaves.applied = createAppliedRecord(run, code.revision, judged.digest);
        return 'no_changes';
      }
      try {
        await apply(code, judged, leaves);
        return 'applied';
      } catch (error) {
        if (getFailureType(error) !== failureTypes.stalePlan || plans === mostPlans) throw error;
        run.set({ failure: null });
        announce.passing('running');
        planAgain(false);
      }
    }
  };

  const readOutputs = (code: TerraformCode): Promise<unknown> =>
    // Once applied, a late cancellation changes nothing any more.
    CancellationScope.nonCancellable(() =>
      perform('terraform_output', async (attempt) => {
        const { outputs } = await activities.terraform_output({ ...code, attempt });
        run.set({ outputs });
        return { detail: outputs.length === 1 ? '1 output' : `${outputs.length} outputs` };
      }),
    );

  return { plan: planning.make, planAgain, decideAndApply, readOutputs };
};
