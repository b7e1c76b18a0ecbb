import { ApplicationFailure } from '@temporalio/common';
import type { TerraformInput } from '../contract/activities.ts';
import { failureTypes } from '../contract/failure.ts';
import type { PolicyVerdict } from '../contract/policy.ts';
import type { EvaluatedPlan } from './apply.ts';
import type { RunStage } from './perform.ts';
import type { CommonActivities } from './proxies.ts';
import type { RunState } from './run.ts';

interface Parts {
  readonly run: RunState;
  readonly activities: CommonActivities;
  readonly perform: RunStage;
}

const messages = ({ violations }: PolicyVerdict, level: 'soft' | 'hard'): string =>
  violations
    .filter((violation) => violation.level === level)
    .map(({ message }) => message)
    .join(' ');

const describe = (verdict: PolicyVerdict): string => {
  if (verdict.outcome === 'pass') return 'every rule is met';
  return `${verdict.violations.length} to look at: ${messages(verdict, 'soft')}`;
};

const refuseHard = (verdict: PolicyVerdict): void => {
  if (verdict.outcome !== 'hard') return;
  throw ApplicationFailure.create({
    message: `the policy forbids this plan: ${messages(verdict, 'hard')}`,
    type: failureTypes.policyViolation,
    nonRetryable: true,
    details: [{ hint: 'Change the code or the rule, then run it again.', tail: [], log: null }],
  });
};

/** Makes a plan and has it judged; the digest then names both. */
export const createPlanning = ({ run, activities, perform }: Parts) => {
  let made: EvaluatedPlan | null = null;
  return {
    forget: (): void => {
      made = null;
    },
    /** The plan in force: made now, unless it was already. */
    make: async (input: Omit<TerraformInput, 'attempt'>): Promise<EvaluatedPlan> => {
      if (made) return made;
      const { plan } = await perform('terraform_plan', (attempt) =>
        activities.terraform_plan({ ...input, attempt }),
      );
      const judged = await perform(
        'evaluate_policy',
        async (attempt) => {
          const { verdict, digest } = await activities.evaluate_policy({ ...input, attempt, plan });
          const { summary, text } = plan;
          run.set({ plan: { summary, text, digest }, policy: verdict, remaining: null });
          run.record({ kind: 'planned', digest, counts: summary.counts });
          refuseHard(verdict);
          return { plan, verdict, digest };
        },
        ({ verdict }) => describe(verdict),
      );
      made = judged;
      return judged;
    },
  };
};
