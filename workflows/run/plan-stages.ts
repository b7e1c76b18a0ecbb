import { ApplicationFailure } from '@temporalio/common';
import { CancellationScope } from '@temporalio/workflow';
import type { TerraformInput } from '../contract/activities.ts';
import { failureTypes } from '../contract/failure.ts';
import type { PolicyVerdict } from '../contract/policy.ts';
import { provisionStages, type StageName } from '../contract/stage.ts';
import type { ApprovalRule } from '../contract/target.ts';
import { createAppliedRecord, createApply, type EvaluatedPlan } from './apply.ts';
import { describeOutcome } from './approval.ts';
import type { PipelineParts, PipelineResult, RunOutcome } from './pipeline.ts';
import type { CommonActivities } from './proxies.ts';
import { getFailureType } from './run-stage.ts';

/** What Terraform plans and applies. */
export type TerraformCode = Omit<TerraformInput, 'attempt'>;

/** The stages from the plan to the outputs. */
export const planStages: readonly StageName[] = provisionStages.slice(1, -1);

export const isBeforePlan = (stage: StageName): boolean => !planStages.includes(stage);

/** How many plans a run makes when the state keeps moving, before a person must check. */
const maxPlans = 5;

const listMessages = ({ violations }: PolicyVerdict, level: 'soft' | 'hard'): string =>
  violations
    .filter((violation) => violation.level === level)
    .map(({ message }) => message)
    .join(' ');

const describeVerdict = (verdict: PolicyVerdict): string => {
  const count = verdict.violations.length;
  if (verdict.outcome === 'pass') return 'all rules passed';
  return `${count} ${count === 1 ? 'violation' : 'violations'}: ${listMessages(verdict, 'soft')}`;
};

const failOnHardViolation = (verdict: PolicyVerdict): void => {
  if (verdict.outcome !== 'hard') return;
  throw ApplicationFailure.create({
    message: `the policy refuses this plan: ${listMessages(verdict, 'hard')}`,
    type: failureTypes.policyViolation,
    nonRetryable: true,
    details: [{ hint: 'Change the code or the rule, then start a new run.', tail: [], log: null }],
  });
};

/** The catalog's rule, or the rule for overrides when the plan violates the policy or destroys a stack. */
const getApprovalRule = (
  { target, destroy }: TerraformCode,
  { verdict }: EvaluatedPlan,
): ApprovalRule | null => {
  if (target.approval) return target.approval;
  return verdict.outcome === 'soft' || destroy ? (target.override ?? null) : null;
};

/** Terraform's part of a run: plan, policy, approval, apply of the approved plan, outputs. */
export const createPlanStages = (parts: PipelineParts & { readonly activities: CommonActivities }) => {
  const { run, activities, runStage, approval, publisher } = parts;
  const apply = createApply(parts);
  let evaluatedPlan: EvaluatedPlan | null = null;

  /** The current plan with its policy result; makes one when there is none. */
  const getOrCreatePlan = async (code: TerraformCode): Promise<EvaluatedPlan> => {
    if (evaluatedPlan) return evaluatedPlan;
    const { plan } = await runStage('terraform_plan', (attempt) =>
      activities.terraform_plan({ ...code, attempt }),
    );
    evaluatedPlan = await runStage(
      'evaluate_policy',
      async (attempt) => {
        const { verdict, digest } = await activities.evaluate_policy({ ...code, attempt, plan });
        const { summary, text } = plan;
        run.set({ plan: { summary, text, digest }, policy: verdict, remaining: null });
        run.record({ kind: 'planned', digest, counts: summary.counts });
        failOnHardViolation(verdict);
        return { plan, verdict, digest };
      },
      ({ verdict }) => describeVerdict(verdict),
    );
    return evaluatedPlan;
  };

  /** Drops the plan, so that the next stages make a new one. `keepApproval`: an equal plan stays approved. */
  const invalidatePlan = (keepApproval: boolean): void => {
    evaluatedPlan = null;
    approval.invalidate(keepApproval);
    run.stages.reset(planStages);
  };

  const requestApproval = async (
    code: TerraformCode,
    evaluated: EvaluatedPlan,
  ): Promise<'denied' | 'expired' | null> => {
    const rule = getApprovalRule(code, evaluated);
    if (!rule) {
      run.stages.skip(
        'approval',
        evaluated.plan.summary.hasChanges ? 'no approval required' : 'plan is empty',
      );
      return null;
    }
    const { decision } = await runStage(
      'approval',
      async () => ({ decision: await approval.request(rule, evaluated.digest) }),
      (result) => describeOutcome(result.decision),
    );
    if (decision.outcome === 'approved') return null;
    run.stages.end('approval', { state: 'failed', detail: describeOutcome(decision) });
    return decision.outcome;
  };

  /** Requests approval, then applies. When the plan became stale, makes a new one and requests approval again. */
  const approveAndApply = async (
    fetchCode: () => Promise<TerraformCode>,
    outcome: RunOutcome,
  ): Promise<PipelineResult | 'applied'> => {
    for (let plans = 1; ; plans += 1) {
      const code = await fetchCode();
      const evaluated = await getOrCreatePlan(code);
      const refused = await requestApproval(code, evaluated);
      if (refused) return refused;
      if (!evaluated.plan.summary.hasChanges) {
        run.stages.skip('terraform_apply', 'plan is empty');
        outcome.applied = createAppliedRecord(run, code.revision, evaluated.digest);
        return 'no_changes';
      }
      try {
        await apply(code, evaluated, outcome);
        return 'applied';
      } catch (error) {
        if (getFailureType(error) !== failureTypes.stalePlan || plans === maxPlans) throw error;
        run.set({ failure: null });
        publisher.setViewStatus('running');
        invalidatePlan(false);
      }
    }
  };

  /** Reads the outputs. A cancellation after the apply changes nothing. */
  const readOutputs = (code: TerraformCode): Promise<unknown> =>
    CancellationScope.nonCancellable(() =>
      runStage('terraform_output', async (attempt) => {
        const { outputs } = await activities.terraform_output({ ...code, attempt });
        run.set({ outputs });
        return { detail: outputs.length === 1 ? '1 output' : `${outputs.length} outputs` };
      }),
    );

  return { getOrCreatePlan, invalidatePlan, approveAndApply, readOutputs };
};
