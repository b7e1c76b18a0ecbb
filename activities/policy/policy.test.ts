import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlanCounts, PlanSummary, SavedPlan } from '../../workflows/contract/plan.ts';
import type { Target } from '../../workflows/contract/target.ts';
import { approvalDigest } from './approval-digest.ts';
import { canonicalJson } from './canonical-json.ts';
import { createPolicyActivities } from './create-policy-activities.ts';

const ref = (sha256: string) => ({ key: 'run/x', bytes: 1, sha256 });
const noCounts = { add: 0, change: 0, replace: 0, destroy: 0, import: 0, move: 0, forget: 0 };
const planOf = (counts: Partial<PlanCounts> = {}, failedChecks: readonly string[] = []): SavedPlan => {
  const summary: PlanSummary = {
    counts: { ...noCounts, ...counts },
    changes: [],
    omitted: {},
    drift: [],
    outputs: [],
    failedChecks,
    hasChanges: true,
  };
  return { summary, file: ref('a'.repeat(64)), text: ref('b'.repeat(64)), lock: null };
};

const evaluate = (plan: SavedPlan, maxDestroys: number | null = null) => {
  const target = { service: 'web', environment: 'production', policy: { maxDestroys } } as Target;
  const input = { workflowId: 'run', attempt: 1, target, commit: 'c'.repeat(40), plan };
  return createPolicyActivities().evaluatePolicy(input);
};

describe('the built-in policy', () => {
  test('passes a plan within the limits', async () => {
    const { verdict } = await evaluate(planOf({ destroy: 1, replace: 1, add: 50 }), 2);
    expect(verdict).toEqual({ outcome: 'pass', violations: [] });
  });

  test('stops a plan that destroys or replaces more than the environment allows', async () => {
    const { verdict } = await evaluate(planOf({ destroy: 1, replace: 2 }), 2);
    expect(verdict.outcome).toBe('hard');
    expect(verdict.violations).toEqual([
      {
        rule: 'max_destroys',
        level: 'hard',
        message:
          'The plan destroys 3 resources (2 of them to be replaced), and production of web allows at most 2.',
      },
    ]);
  });

  test('allows none when the limit is zero, and any number without a limit', async () => {
    expect((await evaluate(planOf({ destroy: 1 }), 0)).verdict.outcome).toBe('hard');
    expect((await evaluate(planOf({ destroy: 1000 }))).verdict.outcome).toBe('pass');
  });

  test('objects to failed checks, but leaves it to people', async () => {
    const { verdict } = await evaluate(planOf({}, ['check.healthy']));
    expect(verdict).toEqual({
      outcome: 'soft',
      violations: [
        {
          rule: 'failed_check',
          level: 'soft',
          message: 'The check check.healthy of the Terraform code fails.',
        },
      ],
    });
  });
});

describe('the digest that people approve', () => {
  test('differs when plan file, commit, lock file or verdict differ, and not otherwise', () => {
    const plan = { file: ref('a'), lock: ref('l') };
    const verdict = { outcome: 'pass' as const, violations: [] };
    const approved = { plan, commit: 'c', verdict };
    const others = [
      { ...approved, plan: { ...plan, file: ref('b') } },
      { ...approved, plan: { ...plan, lock: null } },
      { ...approved, plan: { ...plan, lock: ref('m') } },
      { ...approved, commit: 'd' },
      { ...approved, verdict: { ...verdict, outcome: 'soft' as const } },
    ];
    expect(new Set([approved, ...others].map(approvalDigest)).size).toBe(6);
    expect(approvalDigest(approved)).toMatch(/^[0-9a-f]{64}$/);
    const moved = { ...approved, plan: { file: { ...ref('a'), key: 'elsewhere' }, lock: ref('l') } };
    expect(approvalDigest(moved)).toBe(approvalDigest(approved));
  });

  test('does not depend on the order in which a verdict was written', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
      }),
    );
  });
});
