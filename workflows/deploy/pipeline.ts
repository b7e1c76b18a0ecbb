import { ApplicationFailure } from '@temporalio/common';
import { CancellationScope } from '@temporalio/workflow';
import type { StageInput } from '../contract/activities.ts';
import type { AppliedRecord, Turn } from '../contract/environment.ts';
import { failureTypes } from '../contract/failure.ts';
import { deployStages, type StageName } from '../contract/stage.ts';
import type { Target } from '../contract/target.ts';
import type { Activities } from './activities.ts';
import type { Announce } from './announce.ts';
import { createApply, type Judged, recordOf } from './apply.ts';
import { typeOf } from './failure.ts';
import { createOutdated, planned } from './outdated.ts';
import type { Perform } from './perform.ts';
import { createPlanning } from './planning.ts';
import { createPrepare } from './prepare.ts';
import { decisionDetail, type Question } from './question.ts';
import type { Run } from './run.ts';

export type Ending = 'succeeded' | 'no_changes' | 'denied' | 'expired';

/** What a run tells its environment when it leaves. */
export interface Leaves {
  applied: AppliedRecord | null;
  unfinished: boolean;
}

export interface PipelineParts {
  readonly run: Run;
  readonly activities: Activities;
  readonly perform: Perform;
  readonly question: Question;
  readonly announce: Announce;
}

type Input = Omit<StageInput, 'attempt'>;

/** How often a plan that became stale is made again before a person must look. */
const mostPlans = 5;

const beforePlan = (stage: StageName): boolean => !planned.includes(stage);

/** The stages of a deployment, from the first look at the repository to the outputs. */
export const createPipeline = (parts: PipelineParts) => {
  const { run, activities, perform, question, announce } = parts;
  const planning = createPlanning(parts);
  const prepare = createPrepare(parts);
  const apply = createApply(parts);
  const outdated = createOutdated(run.view.ref);

  const planAgain = (remember: boolean): void => {
    planning.forget();
    question.withdraw(remember);
    run.stages.reset(planned);
  };

  const check = async (target: Target, turn: Turn): Promise<boolean> => {
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

  const ask = async (target: Target, { digest, plan }: Judged): Promise<Ending | null> => {
    const rule = target.approval;
    if (!rule) {
      run.stages.skip('approval', plan.summary.hasChanges ? 'no approval asked' : 'plan is empty');
      return null;
    }
    const { decision } = await perform(
      'approval',
      async () => ({ decision: await question.ask(rule, digest) }),
      ({ decision }) => decisionDetail(decision),
    );
    if (decision.outcome === 'approved') return null;
    run.stages.end('approval', { state: 'failed', detail: decisionDetail(decision) });
    return decision.outcome;
  };

  /** Asks, then applies. A plan that became stale meanwhile is made, judged and asked about again. */
  const decideAndApply = async (input: Input, leaves: Leaves): Promise<Ending | null> => {
    for (let plans = 1; ; plans += 1) {
      const judged: Judged = await planning.make(input);
      const ended = await ask(input.target, judged);
      if (ended) return ended;
      if (!judged.plan.summary.hasChanges) {
        run.stages.skip('terraform_apply', 'plan is empty');
        leaves.applied = recordOf(run, input.commit, judged.digest);
        return null;
      }
      try {
        await apply(input, judged, leaves);
        return null;
      } catch (error) {
        if (typeOf(error) !== failureTypes.stalePlan || plans === mostPlans) throw error;
        run.set({ failure: null });
        announce.passing('running');
        planAgain(false);
      }
    }
  };

  const finish = (input: Input): Promise<unknown> =>
    // Once applied, a late cancellation changes nothing any more.
    CancellationScope.nonCancellable(() =>
      perform('terraform_output', async (attempt) => {
        const { outputs } = await activities.terraform_output({ ...input, attempt });
        run.set({ outputs });
        return { detail: outputs.length === 1 ? '1 output' : `${outputs.length} outputs` };
      }),
    );

  return {
    /** After a failure: keeps what is good, and makes a new plan when the failure came with or after the plan. */
    resume: (failedAt: StageName): void => {
      const stopped = run.stages.list().filter(({ state }) => state === 'failed' || state === 'cancelled');
      run.stages.reset([...stopped.map(({ name }) => name), 'notify_users']);
      if (!beforePlan(failedAt)) planAgain(true);
    },
    work: async (target: Target, turn: Turn, leaves: Leaves): Promise<Ending> => {
      const again = outdated(target, turn);
      run.stages.reset(again.filter(beforePlan));
      if (again.includes('terraform_plan')) planAgain(true);
      if (!(await check(target, turn))) return 'no_changes';
      const commit = run.view.commit;
      if (!commit) throw ApplicationFailure.nonRetryable('the commit is not known', 'Unexpected');
      const input: Input = { workflowId: run.view.workflowId, target, commit: commit.sha };
      await prepare(input, async () => {
        if (target.terraform) await planning.make(input);
        else for (const name of planned) run.stages.skip(name, 'no Terraform');
      });
      if (!target.terraform) {
        leaves.applied = recordOf(run, commit.sha, '');
        return 'succeeded';
      }
      const ended = await decideAndApply(input, leaves);
      if (ended) return ended;
      await finish(input);
      return 'succeeded';
    },
  };
};

export type Pipeline = ReturnType<typeof createPipeline>;
