import type { PlanSummary } from '../../workflows/contract/plan.ts';
import type { PolicyViolation } from '../../workflows/contract/policy.ts';
import type { TerraformTarget } from '../../workflows/contract/target.ts';

const resources = (count: number): string => `${count} ${count === 1 ? 'resource' : 'resources'}`;

const tooManyDestroys = ({ counts }: PlanSummary, target: TerraformTarget): readonly PolicyViolation[] => {
  const limit = target.policy.maxDestroys;
  const destroyed = counts.destroy + counts.replace;
  if (limit === null || destroyed <= limit) return [];
  const allowed = limit === 0 ? 'none' : `at most ${limit}`;
  return [
    {
      rule: 'max_destroys',
      level: 'hard',
      message: `The plan destroys ${resources(destroyed)} (${counts.replace} of them to be replaced), and ${target.environment} of ${target.service} allows ${allowed}.`,
    },
  ];
};

const failedChecks = ({ failedChecks: checks }: PlanSummary): readonly PolicyViolation[] =>
  checks.map((check) => ({
    rule: 'failed_check',
    level: 'soft',
    message: `The check ${check} of the Terraform code fails.`,
  }));

/** Every objection to a plan that needs no policy of the user's own. */
export const builtInViolations = (
  summary: PlanSummary,
  target: TerraformTarget,
): readonly PolicyViolation[] => [...tooManyDestroys(summary, target), ...failedChecks(summary)];
