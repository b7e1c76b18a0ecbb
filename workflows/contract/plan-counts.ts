import type { PlanCounts, PlanSummary } from './plan.ts';

/** The kinds of change in `PlanCounts`, the most dangerous first. */
const kinds = [
  'destroy',
  'replace',
  'forget',
  'change',
  'import',
  'move',
  'add',
] as const satisfies readonly (keyof PlanCounts)[];

/** "1 to destroy, 2 to replace, 3 to add": the most dangerous first, zeros left out. */
export const describeCounts = (counts: PlanCounts): string => {
  const parts = kinds.filter((kind) => counts[kind] > 0).map((kind) => `${counts[kind]} to ${kind}`);
  return parts.length > 0 ? parts.join(', ') : 'no resource changes';
};

/** The counts, or what a plan without resource changes does: "no changes", "only outputs change". */
export const describePlan = ({ counts, hasChanges, outputs }: PlanSummary): string => {
  if (kinds.some((kind) => counts[kind] > 0)) return describeCounts(counts);
  if (!hasChanges) return 'no changes';
  return outputs.length > 0 ? 'only outputs change' : 'only data sources are read';
};
