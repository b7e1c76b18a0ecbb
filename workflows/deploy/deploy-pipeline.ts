import { ApplicationFailure } from '@temporalio/common';
import type { StageInput } from '../contract/activities.ts';
import type { LockGrant } from '../contract/environment.ts';
import { deployStages } from '../contract/stage.ts';
import { withPreviousRevision } from '../contract/stored-views.ts';
import type { ServiceTarget } from '../contract/target.ts';
import { createAppliedRecord } from '../run/apply.ts';
import type { Pipeline, PipelineParts } from '../run/pipeline.ts';
import { createPlanStages, isBeforePlan, planStages } from '../run/terraform.ts';
import { createBuildStages } from './build-stages.ts';
import type { DeployProxies } from './deploy-proxies.ts';
import { createStaleStages } from './stale-stages.ts';

type Input = Omit<StageInput, 'attempt'>;

/** The stages of a deployment, from the first look at the repository to the outputs. */
export const createDeployPipeline = (
  parts: PipelineParts & { readonly activities: DeployProxies },
): Pipeline<ServiceTarget> => {
  const { run, activities, perform } = parts;
  const terraform = createPlanStages(parts);
  const prepare = createBuildStages(parts);
  const outdated = createStaleStages(run.view.ref);

  const check = async (target: ServiceTarget, turn: LockGrant): Promise<boolean> => {
    if (run.stages.isDone('check_for_changes')) return true;
    const lastApplied = turn.unfinished ? null : turn.lastApplied;
    const { commit, changed } = await perform(
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
      // A failure that came with or after the plan means a new plan.
      if (!isBeforePlan(failedAt)) terraform.planAgain(true);
    },
    work: async (target, turn, leaves) => {
      const again = outdated(target, turn);
      run.stages.reset(again.filter(isBeforePlan));
      if (again.includes('terraform_plan')) terraform.planAgain(true);
      if (!(await check(target, turn))) return 'no_changes';
      const commit = run.view.commit;
      if (!commit) throw ApplicationFailure.nonRetryable('the commit is not known', 'Unexpected');
      const { workflowId } = run.view;
      const input: Input = withPreviousRevision({ workflowId, target, revision: commit.sha });
      await prepare(input, async () => {
        if (target.terraform) await terraform.plan(input);
        else for (const name of planStages) run.stages.skip(name, 'no Terraform');
      });
      if (!target.terraform) {
        leaves.applied = createAppliedRecord(run, commit.sha, '');
        return 'succeeded';
      }
      const ended = await terraform.decideAndApply(async () => input, leaves);
      if (ended === 'denied' || ended === 'expired') return ended;
      await terraform.readOutputs(input);
      return 'succeeded';
    },
  };
};
