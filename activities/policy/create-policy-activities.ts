import { ApplicationFailure } from '@temporalio/common';
import type { TerraformActivities } from '../../workflows/contract/activities.ts';
import type { SavedPlan } from '../../workflows/contract/plan.ts';
import type { ArtifactStore } from '../artifacts/port.ts';
import { approvalDigest } from './approval-digest.ts';
import { planUnjudgeable, policyBroken } from './policy-failure.ts';
import { policyInput } from './policy-input.ts';
import type { PolicyEngine, PolicyInput } from './port.ts';
import { readVerdict } from './read-verdict.ts';

interface Dependencies {
  readonly artifacts: Pick<ArtifactStore, 'open'>;
  readonly engine: PolicyEngine;
}

/** The store refuses content that is not what the plan's reference names. */
const readPlan = async ({ artifacts }: Dependencies, { json }: SavedPlan): Promise<unknown> => {
  if (!json) throw planUnjudgeable('it was made by an earlier version');
  const parts: Buffer[] = [];
  for await (const part of await artifacts.open(json)) parts.push(part);
  try {
    return JSON.parse(Buffer.concat(parts).toString());
  } catch {
    // The parser's own words quote the plan.
    throw planUnjudgeable('what was stored of it is no JSON');
  }
};

/** A rule that throws has no verdict. What the engine already says in our words stands. */
const evaluate = async ({ engine }: Dependencies, input: PolicyInput): Promise<unknown> => {
  try {
    return await engine.evaluate(input);
  } catch (error) {
    if (error instanceof ApplicationFailure) throw error;
    throw policyBroken(engine.name, error instanceof Error ? error.message : String(error));
  }
};

/** `evaluate_policy`: judges a plan, and binds it with its judgement into the digest that people approve. */
export const createPolicyActivities = (deps: Dependencies): Pick<TerraformActivities, 'evaluatePolicy'> => ({
  async evaluatePolicy({ plan, commit, target }) {
    const input = policyInput(await readPlan(deps, plan), { target });
    const verdict = readVerdict(deps.engine.name, await evaluate(deps, input));
    return { verdict, digest: approvalDigest({ plan, commit, verdict }) };
  },
});
