import type { TerraformActivities } from '../../workflows/contract/activities.ts';
import type { PolicyVerdict, PolicyViolation } from '../../workflows/contract/policy.ts';
import { approvalDigest } from './approval-digest.ts';
import { builtInViolations } from './built-in-rules.ts';

const outcomeOf = (violations: readonly PolicyViolation[]): PolicyVerdict['outcome'] => {
  if (violations.some(({ level }) => level === 'hard')) return 'hard';
  return violations.length > 0 ? 'soft' : 'pass';
};

/** `evaluate_policy`: judges a plan, and binds it with its judgement into the digest that people approve. */
export const createPolicyActivities = (): Pick<TerraformActivities, 'evaluatePolicy'> => ({
  async evaluatePolicy({ plan, commit, target }) {
    const violations = builtInViolations(plan.summary, target);
    const verdict: PolicyVerdict = { outcome: outcomeOf(violations), violations };
    return { verdict, digest: approvalDigest({ plan, commit, verdict }) };
  },
});
