import { z } from 'zod';
import type { PolicyVerdict, PolicyViolation } from '../../workflows/contract/policy.ts';
import { policyFailed } from './policy-failure.ts';

const answer = z.object({
  evaluated: z.literal(true),
  violations: z.array(
    z.object({
      rule: z.string().min(1).max(200),
      level: z.enum(['soft', 'hard']),
      message: z.string().min(1).max(2000),
    }),
  ),
});

const outcomeOf = (violations: readonly PolicyViolation[]): PolicyVerdict['outcome'] => {
  if (violations.some(({ level }) => level === 'hard')) return 'hard';
  return violations.length > 0 ? 'soft' : 'pass';
};

/** What ends a run first, then by rule and text: the same plan has the same verdict whatever engine says it. */
const inOrder = (a: PolicyViolation, b: PolicyViolation): number =>
  a.level === b.level
    ? `${a.rule} ${a.message}`.localeCompare(`${b.rule} ${b.message}`, 'en')
    : a.level === 'hard'
      ? -1
      : 1;

const maxViolations = 50;

/** A verdict must fit into a history: of a thousand alike the first stand for all, and it says so. */
const shortened = (violations: readonly PolicyViolation[]): readonly PolicyViolation[] => {
  const hidden = violations.slice(maxViolations);
  if (hidden.length === 0) return violations;
  const level = hidden.some((one) => one.level === 'hard') ? 'hard' : 'soft';
  const message = `${hidden.length} more objections are not listed.`;
  return [...violations.slice(0, maxViolations), { rule: 'more', level, message }];
};

/** Reads what an engine answered; anything but a whole verdict is refused. */
export const parseVerdict = (engine: string, value: unknown): PolicyVerdict => {
  if (value === undefined) throw policyFailed(engine, 'data.quarterdeck.result is undefined');
  const parsed = answer.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw policyFailed(
      engine,
      `${issue?.path.join('.') || 'the answer'}: ${issue?.message ?? 'is not a verdict'}`,
    );
  }
  const violations = shortened(parsed.data.violations.toSorted(inOrder));
  return { outcome: outcomeOf(violations), violations };
};
