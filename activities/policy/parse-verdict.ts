import { z } from 'zod';
import type { PolicyVerdict, PolicyViolation } from '../../workflows/contract/policy.ts';
import { policyFailed } from './policy-failure.ts';

/** The form of `data.quarterdeck.result`; `terraform/policies/result.rego` produces it. */
const resultSchema = z.object({
  evaluated: z.literal(true),
  violations: z.array(
    z.object({
      rule: z.string().min(1).max(200),
      level: z.enum(['soft', 'hard']),
      message: z.string().min(1).max(2000),
    }),
  ),
});

const getOutcome = (violations: readonly PolicyViolation[]): PolicyVerdict['outcome'] => {
  if (violations.some(({ level }) => level === 'hard')) return 'hard';
  return violations.length > 0 ? 'soft' : 'pass';
};

/** Hard violations first, then by rule and message: the same plan has the same verdict with every engine. */
const compareViolations = (a: PolicyViolation, b: PolicyViolation): number =>
  a.level === b.level
    ? `${a.rule} ${a.message}`.localeCompare(`${b.rule} ${b.message}`, 'en')
    : a.level === 'hard'
      ? -1
      : 1;

const maxViolations = 50;

/** A verdict must fit into the workflow's history. One more violation says how many are not listed. */
const limitViolations = (violations: readonly PolicyViolation[]): readonly PolicyViolation[] => {
  const hidden = violations.slice(maxViolations);
  if (hidden.length === 0) return violations;
  const level = hidden.some((violation) => violation.level === 'hard') ? 'hard' : 'soft';
  const message = `${hidden.length} more violations are not listed.`;
  return [...violations.slice(0, maxViolations), { rule: 'more', level, message }];
};

/**
 * Checks the result of an engine, and makes the verdict of it. Lists at most 50 violations.
 * @throws policyFailed for anything but a complete result; not retried.
 */
export const parseVerdict = (engine: string, value: unknown): PolicyVerdict => {
  if (value === undefined) throw policyFailed(engine, 'data.quarterdeck.result is undefined');
  const parsed = resultSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw policyFailed(
      engine,
      `${issue?.path.join('.') || 'the result'}: ${issue?.message ?? 'not a verdict'}`,
    );
  }
  const violations = limitViolations(parsed.data.violations.toSorted(compareViolations));
  return { outcome: getOutcome(violations), violations };
};
