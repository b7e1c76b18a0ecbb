import type { DriftChange, DriftFinding, DriftResult, LastDriftReport } from '../contract/drift.ts';

/** The result of a drift check: a finding, or why the check failed. */
export type Observation =
  | DriftFinding
  | { readonly kind: 'failed'; readonly message: string; readonly hint: string | null };

/** What a drift check reports. */
interface ReportDecision {
  /** null: nothing changed since the last report. */
  readonly change: DriftChange | null;
  /** What people know after the delivery of the report. */
  readonly reported: Pick<LastDriftReport, 'digest' | 'failing'>;
}

/** Reports each change once: drift appears, changes or is resolved; the check fails or succeeds again. */
export const decideReport = (lastReport: LastDriftReport, observation: Observation): ReportDecision => {
  const { digest, failing } = lastReport;
  if (observation.kind === 'failed')
    return { change: failing ? null : observation, reported: { digest, failing: true } };
  if (observation.kind === 'drifted')
    return {
      change: compareDrift(lastReport, observation),
      reported: { digest: observation.digest, failing: false },
    };
  const kind = digest !== null ? 'gone' : failing ? 'works_again' : null;
  return { change: kind && { kind }, reported: { digest: null, failing: false } };
};

const compareDrift = (
  { digest, failing }: LastDriftReport,
  observation: Extract<Observation, { kind: 'drifted' }>,
): DriftChange | null => {
  const { summary } = observation;
  if (digest === null) return { kind: 'appeared', summary };
  if (digest !== observation.digest) return { kind: 'changed', summary };
  return failing ? { kind: 'works_again' } : null;
};

const noReport: LastDriftReport = { digest: null, failing: false, untold: null };

/** The last report according to the schedule's last result. The first check of a schedule has none. */
export const readLastDriftReport = (lastResult: unknown): LastDriftReport => {
  const { memory } = (lastResult ?? {}) as Partial<DriftResult>;
  return { ...noReport, ...memory };
};

/** One clause for the result of the workflow. */
export const describeObservation = (observation: Observation): string => {
  if (observation.kind === 'failed') return observation.message;
  return observation.kind === 'drifted'
    ? 'infrastructure no longer matches the code'
    : 'infrastructure matches the code';
};
