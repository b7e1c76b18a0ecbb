import { workflowInfo } from '@temporalio/workflow';
import type { DriftChange, DriftFinding, DriftResult, LastDriftReport } from '../contract/drift.ts';

const nothing: LastDriftReport = { digest: null, failing: false, untold: null };

/** What the comparison before this one left; a schedule's first has nothing to go by. */
export const readLastDriftReport = (): LastDriftReport => {
  const { memory } = (workflowInfo().lastResult ?? {}) as Partial<DriftResult>;
  return { ...nothing, ...memory };
};

/** A finding, or why there is none. */
export type Observation =
  | DriftFinding
  | { readonly kind: 'failed'; readonly message: string; readonly hint: string | null };

interface ReportDecision {
  /** null: people know it already. */
  readonly news: DriftChange | null;
  /** What they know once they are told. */
  readonly known: Omit<LastDriftReport, 'untold'>;
}

const ofDrift = (
  { digest, failing }: LastDriftReport,
  seen: Extract<Observation, { kind: 'drifted' }>,
): DriftChange | null => {
  if (digest === null) return { kind: 'appeared', summary: seen.summary };
  if (digest !== seen.digest) return { kind: 'changed', summary: seen.summary };
  return failing ? { kind: 'works_again' } : null;
};

/** Each thing is told once: a drift that appears, becomes another or goes, and a comparison that fails. */
export const decideReport = (memory: LastDriftReport, seen: Observation): ReportDecision => {
  const { digest, failing } = memory;
  if (seen.kind === 'failed') return { news: failing ? null : seen, known: { digest, failing: true } };
  if (seen.kind === 'drifted')
    return { news: ofDrift(memory, seen), known: { digest: seen.digest, failing: false } };
  const news = digest !== null ? 'gone' : failing ? 'works_again' : null;
  return { news: news && { kind: news }, known: { digest: null, failing: false } };
};
