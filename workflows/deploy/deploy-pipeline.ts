import { ApplicationFailure } from '@temporalio/common';
import type { StageInput } from '../contract/activities.ts';
import type { LockGrant } from '../contract/environment.ts';
import { failureTypes } from '../contract/failure.ts';
import { deployStages } from '../contract/stage.ts';
import { withPreviousRevision } from '../contract/stored-views.ts';
import type { ServiceTarget } from '../contract/target.ts';
import { createAppliedRecord } from '../run/apply.ts';
import type { Pipeline, PipelineParts } from '../run/pipeline.ts';
import { createPlanStages, isBeforePlan, planStages } from '../run/plan-stages.ts';
import { createBuildStages } from './build-stages.ts';
import type { DeployProxies } from './deploy-proxies.ts';
import { createStaleStages } from './stale-stages.ts';

/** The stages of a deployment, from the check for changes to the outputs. */
export const createDeployPipeline = (
  parts: PipelineParts & { readonly activities: DeployProxies },
): Pipeline<ServiceTarget> => {
  const { run, activities, runStage } = parts;
  const terraform = createPlanStages(parts);
  const build = createBuildStages(parts);
  const getStaleStages = createStaleStages(run.view.ref);

  /** False when nothing changed since the last apply, so that nothing is deployed. */
  const checkForChanges = async (target: ServiceTarget, grant: LockGrant): Promise<boolean> => {
    if (run.stages.isDone('check_for_changes')) return true;
    const lastApplied = grant.unfinished ? null : grant.lastApplied;
    const { commit, changed } = await runStage(
      'check_for_changes',
      () => activities.check_for_changes({ target, ref: run.view.ref, lastApplied }),
      ({ commit: { sha, subject } }) => `${sha.slice(0, 7)} ${subject}`,
    );
    run.set({ commit });
    if (changed || run.view.force) return true;
    run.record({ kind: 'nothing_changed', commit: commit.sha, lastRun: lastApplied?.workflowId ?? '' });
    for (const name of deployStages.slice(1)) run.stages.skip(name, 'nothing changed');
    return false;
  };

  return {
    resume: (failedAt) => {
      const stopped = run.stages.list().filter(({ state }) => state === 'failed' || state === 'cancelled');
      run.stages.reset([...stopped.map(({ name }) => name), 'notify_users']);
      // A failure in the plan or after it needs a new plan.
      if (!isBeforePlan(failedAt)) terraform.invalidatePlan(true);
    },
    work: async (target, grant, outcome) => {
      const stale = getStaleStages(target, grant);
      run.stages.reset(stale.filter(isBeforePlan));
      if (stale.includes('terraform_plan')) terraform.invalidatePlan(true);
      if (!(await checkForChanges(target, grant))) return 'no_changes';
      const { commit, workflowId } = run.view;
      if (!commit) throw ApplicationFailure.nonRetryable('the commit is unknown', failureTypes.unexpected);
      const input: Omit<StageInput, 'attempt'> = withPreviousRevision({
        workflowId,
        target,
        revision: commit.sha,
      });
      await build(input, async () => {
        if (target.terraform) await terraform.getOrCreatePlan(input);
        else for (const name of planStages) run.stages.skip(name, 'no Terraform');
      });
      if (!target.terraform) {
        outcome.applied = createAppliedRecord(run, commit.sha, '');
        return 'succeeded';
      }
      const result = await terraform.approveAndApply(async () => input, outcome);
      if (result === 'denied' || result === 'expired') return result;
      await terraform.readOutputs(input);
      return 'succeeded';
    },
  };
};
