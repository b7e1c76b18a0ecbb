import { ApplicationFailure } from '@temporalio/common';
import type { TerraformActivities, TerraformInput } from '../../workflows/contract/activities.ts';
import type { SavedPlan } from '../../workflows/contract/plan.ts';
import { toEnvironmentKey, toSubject } from '../../workflows/contract/target.ts';
import type { ArtifactStore } from '../artifacts/port.ts';
import { approvalDigest } from './approval-digest.ts';
import { parseVerdict } from './parse-verdict.ts';
import { planNotEvaluable, policyFailed } from './policy-failure.ts';
import type { PolicyEngine, PolicyInput } from './port.ts';

interface PolicyDependencies {
  readonly artifacts: Pick<ArtifactStore, 'open'>;
  readonly engine: PolicyEngine;
}

/** `*` matches anything; every other character matches itself. */
const toRegex = (pattern: string): string =>
  `^${pattern
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')}$`;

/** Refuses an incomplete plan, which could look like a plan without violations. */
const requireCompletePlan = (plan: unknown): void => {
  if (typeof plan !== 'object' || plan === null) throw planNotEvaluable('not a JSON object');
  const { format_version, resource_changes, errored } = plan as Record<string, unknown>;
  if (typeof format_version !== 'string') throw planNotEvaluable('format_version is missing');
  if (!Array.isArray(resource_changes)) throw planNotEvaluable('resource_changes is missing');
  if (errored !== false) throw planNotEvaluable('Terraform could not complete it');
};

/**
 * What the rules are evaluated with.
 * @throws policyFailed when the plan is incomplete; not retried.
 */
export const toPolicyInput = (plan: unknown, { target }: Pick<TerraformInput, 'target'>): PolicyInput => {
  requireCompletePlan(plan);
  const { policy } = target;
  return {
    plan,
    settings: {
      maxDestroys: policy.maxDestroys,
      reviewDestroysAbove: policy.reviewDestroysAbove,
      protected: policy.protected.map((pattern) => ({ pattern, regex: toRegex(pattern) })),
    },
    subject: {
      ...toEnvironmentKey(toSubject(target)),
      kind: target.kind === 'stack' ? 'provision' : 'deploy',
    },
  };
};

/** The artifact store rejects content that differs from the plan's reference. */
const readStoredPlan = async ({ artifacts }: PolicyDependencies, { json }: SavedPlan): Promise<unknown> => {
  if (!json) throw planNotEvaluable('an earlier version of Quarterdeck made it');
  const parts: Buffer[] = [];
  for await (const part of await artifacts.open(json)) parts.push(part);
  try {
    return JSON.parse(Buffer.concat(parts).toString());
  } catch {
    // The parser's message quotes the plan, so it is not passed on.
    throw planNotEvaluable('the stored plan is not valid JSON');
  }
};

/** A rule that fails has no verdict. The engines' own failures are passed on as they are. */
const evaluate = async ({ engine }: PolicyDependencies, input: PolicyInput): Promise<unknown> => {
  try {
    return await engine.evaluate(input);
  } catch (error) {
    if (error instanceof ApplicationFailure) throw error;
    throw policyFailed(engine.name, error instanceof Error ? error.message : String(error));
  }
};

/**
 * `evaluate_policy`: evaluates a plan, and binds plan and verdict into the digest that people approve. A verdict
 * with violations is a result, not a failure.
 * @throws policyFailed (retried when OPA does not respond, else not retried), storageFailed (retried).
 */
export const createPolicyActivities = (
  deps: PolicyDependencies,
): Pick<TerraformActivities, 'evaluatePolicy'> => ({
  async evaluatePolicy({ plan, revision, target }) {
    const input = toPolicyInput(await readStoredPlan(deps, plan), { target });
    const verdict = parseVerdict(deps.engine.name, await evaluate(deps, input));
    return { verdict, digest: approvalDigest({ plan, revision, verdict }) };
  },
});
