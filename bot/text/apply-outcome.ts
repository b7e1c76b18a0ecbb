import type { RunView } from '../../workflows/contract/run-view.ts';

const isOfApply = (kind: string): boolean =>
  kind === 'applying' || kind === 'applied' || kind === 'apply_aborted';

/**
 * What a run that was stopped did to the environment, where its card does not say it otherwise;
 * null when it does.
 */
export const describeApplyOutcome = ({ applied, failure, events, stages }: RunView): string | null => {
  if (applied !== null || failure?.applied !== undefined) return null;
  const last = events.findLast(({ kind }) => isOfApply(kind))?.kind;
  const began = stages.some(({ name, startedAt }) => name === 'terraform_apply' && startedAt !== null);
  if (last === undefined && !began) return 'nothing was applied';
  return last === 'applied' || last === 'apply_aborted' ? null : 'whether anything was applied is not known';
};
