import type { PlanSummary } from './plan.ts';

/** "1 to destroy, 2 to replace, 3 to change": the most dangerous first. */
export const describeCounts = ({ counts, hasChanges, outputs }: PlanSummary): string => {
  const words = (['destroy', 'replace', 'forget', 'change', 'import', 'move', 'add'] as const)
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} to ${kind}`);
  if (words.length > 0) return words.join(', ');
  if (!hasChanges) return 'no changes';
  return outputs.length > 0 ? 'only outputs change' : 'only data is read';
};
