import { workflowInfo } from '@temporalio/workflow';
import type { DriftMemory, DriftResult } from '../contract/drift.ts';

const nothing: DriftMemory = { digest: null, failing: false, untold: null };

/** What the comparison before this one left; a schedule's first has nothing to go by. */
export const lastMemory = (): DriftMemory => {
  const { memory } = (workflowInfo().lastResult ?? {}) as Partial<DriftResult>;
  return { ...nothing, ...memory };
};
