import type { TerraformInput } from '../../workflows/contract/activities.ts';
import { planUnjudgeable } from './policy-failure.ts';
import type { PolicyInput } from './port.ts';

/** `*` stands for anything, everything else for itself. */
const regexOf = (pattern: string): string =>
  `^${pattern
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')}$`;

/** Half a plan, or none, would look like one without objections. */
const requirePlan = (plan: unknown): void => {
  if (typeof plan !== 'object' || plan === null) throw planUnjudgeable('it is no JSON object');
  const { format_version, resource_changes, errored } = plan as Record<string, unknown>;
  if (typeof format_version !== 'string') throw planUnjudgeable('it has no format_version');
  if (!Array.isArray(resource_changes)) throw planUnjudgeable('it has no resource_changes');
  if (errored !== false) throw planUnjudgeable('Terraform could not finish it');
};

/** What the rules are asked about. */
export const policyInput = (plan: unknown, { target }: Pick<TerraformInput, 'target'>): PolicyInput => {
  requirePlan(plan);
  const { service, environment, policy } = target;
  return {
    plan,
    settings: {
      maxDestroys: policy.maxDestroys,
      reviewDestroysAbove: policy.reviewDestroysAbove,
      protected: policy.protected.map((pattern) => ({ pattern, regex: regexOf(pattern) })),
    },
    subject: { service, environment, kind: 'source' in target ? 'provision' : 'deploy' },
  };
};
