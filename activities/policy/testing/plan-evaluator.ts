import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { samplePlan, samplePolicy, sampleStack } from '../../../workflows/testing/samples.ts';
import { createArtifactStore } from '../../artifacts/create-artifact-store.ts';
import { createPolicyActivities } from '../policy-activities.ts';
import type { PolicyEngine } from '../port.ts';

/** One managed resource of a plan. */
export const change = (type: string, actions: readonly string[], before: unknown, after: unknown) => ({
  address: `${type}.it`,
  mode: 'managed',
  type,
  name: 'it',
  change: { actions, before, after },
});

export const planJson = (...changes: readonly object[]) => ({
  format_version: '1.2',
  errored: false,
  resource_changes: changes,
});

/** Evaluates a document as the activity does: from the artifact store, with the engine. */
export const createPlanEvaluator = async (engine: PolicyEngine) => {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-policy-test-'));
  const artifacts = createArtifactStore(`file:${folder}`, {});
  const activities = createPolicyActivities({ artifacts, engine });
  return async (document: unknown, policy: Partial<typeof samplePolicy> = {}) => {
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    const json = await artifacts.put('run/plan.json', text);
    const target = { ...sampleStack('network'), policy: { ...samplePolicy, ...policy } };
    const plan = { ...samplePlan('a'), json };
    const commit = 'f'.repeat(64);
    const { verdict } = await activities.evaluatePolicy({
      workflowId: 'run',
      attempt: 1,
      target,
      revision: commit,
      plan,
    });
    return verdict;
  };
};
