import { ApplicationFailure } from '@temporalio/common';
import type { TerraformActivities, TerraformInput } from '../../workflows/contract/activities.ts';
import type { SavedPlan } from '../../workflows/contract/plan.ts';
import { toEnvironmentKey, toSubject } from '../../workflows/contract/target.ts';
import type { ArtifactStore } from '../artifacts/port.ts';
import { approvalDigest } from './approval-digest.ts';
import { planNotEvaluable, policyFailed } from './policy-failure.ts';
import type { PolicyEngine, PolicyInput } from './port.ts';
import { parseVerdict } from './read-verdict.ts';

/** `*` stands for anything, everything else for itself. */
const toRegex = (pattern: string): string =>
  `^${pattern
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')}$`;

/** Half a plan, or none, would look like one without objections. */
const requirePlan = (plan: unknown): void => {
  if (typeof plan !== 'object' || plan === null) throw planNotEvaluable('it is no JSON object');
  const { format_version, resource_changes, errored } = plan as Record<string, unknown>;
  if (typeof format_version !== 'string') throw planNotEvaluable('it has no format_version');
  if (!Array.isArray(resource_changes)) throw planNotEvaluable('it has no resource_changes');
  if (errored !== false) throw planNotEvaluable('Terraform could not finish it');
};

/** What the rules are asked about. */
export const toPolicyInput = (plan: unknown, { target }: Pick<TerraformInput, 'target'>): PolicyInput => {
  requirePlan(plan);
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

interface Dependencies {
  readonly artifacts: Pick<ArtifactStore, 'open'>;
  readonly engine: PolicyEngine;
}

/** The store refuses content that is not what the plan's reference names. */
const readPlan = async ({ artifacts }: Dependencies, { json }: SavedPlan): Promise<unknown> => {
  if (!json) throw planNotEvaluable('it was made by an earlier version');
  const parts: Buffer[] = [];
  for await (const part of await artifacts.open(json)) parts.push(part);
  try {
    return JSON.parse(Buffer.concat(parts).toString());
  } catch {
    // The parser's own words quote the plan.
    throw planNotEvaluable('what was stored of it is no JSON');
  }
};

/** A rule that throws has no verdict. What the engine already says in our words stands. */
const evaluate = async ({ engine }: Dependencies, input: PolicyInput): Promise<unknown> => {
  try {
    return await engine.evaluate(input);
  } catch (error) {
    if (error instanceof ApplicationFailure) throw error;
    throw policyFailed(engine.name, error instanceof Error ? error.message : String(error));
  }
};

/** `evaluate_policy`: judges a plan, and binds it with its judgement into the digest that people approve. */
export const createPolicyActivities = (deps: Dependencies): Pick<TerraformActivities, 'evaluatePolicy'> => ({
  async evaluatePolicy({ plan, revision, target }) {
    const input = toPolicyInput(await readPlan(deps, plan), { target });
    const verdict = parseVerdict(deps.engine.name, await evaluate(deps, input));
    return { verdict, digest: approvalDigest({ plan, revision, verdict }) };
  },
});
