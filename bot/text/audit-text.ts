import type { PlanCounts } from '../../workflows/contract/plan.ts';
import { describeCounts } from '../../workflows/contract/plan-counts.ts';

const isDigest = /^[0-9a-f]{40,}$/;

const isCounts = (value: unknown): value is PlanCounts =>
  typeof value === 'object' &&
  value !== null &&
  (['add', 'change', 'replace', 'destroy', 'import', 'move', 'forget'] as const).every(
    (name) => name in value,
  );

const words = (name: string, value: unknown): string => {
  if (typeof value === 'string') return isDigest.test(value) ? `${value.slice(0, 12)}…` : value;
  if (typeof value === 'number' && /At$/.test(name) && Math.abs(value) < 8.64e15)
    return new Date(value).toISOString();
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (isCounts(value)) return describeCounts(value);
  if (Array.isArray(value)) return value.map((one) => words(name, one)).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .filter(([, one]) => one !== null && one !== 0)
    .map(([inner, one]) => `${inner} ${words(inner, one)}`)
    .join(', ');
};

/** The details of an audit entry as text, without empty values. */
export const describeAuditDetails = (
  details: Readonly<Record<string, unknown>>,
): readonly { readonly name: string; readonly said: string }[] =>
  Object.entries(details)
    .filter(([name, value]) => value !== null && value !== false && value !== '' && name !== 'by')
    .map(([name, value]) => ({ name, said: words(name, value) }));
