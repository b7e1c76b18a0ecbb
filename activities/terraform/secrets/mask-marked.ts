import type { Marks } from './secret-values.ts';

const mask = '(sensitive)';

const childOf = (marks: Marks, key: string): Marks =>
  typeof marks === 'object' && marks !== null ? (marks as Record<string, unknown>)[key] : undefined;

/** A value with `(sensitive)` wherever Terraform's parallel tree marks it. */
export const maskMarked = (value: unknown, marks: Marks): unknown => {
  if (marks === true) return value === null || value === undefined ? value : mask;
  if (typeof value !== 'object' || value === null || !marks) return value;
  if (Array.isArray(value))
    return value.map((part, index) => maskMarked(part, childOf(marks, String(index))));
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, maskMarked(part, childOf(marks, key))]),
  );
};
