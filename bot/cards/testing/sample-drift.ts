import type { DriftChange, DriftReport } from '../../../workflows/contract/drift.ts';
import type { Card } from '../card.ts';
import { driftCard } from '../drift-card.ts';
import { dangerousPlan, sampleTime } from './sample-parts.ts';

export const sampleDriftReport = (news: DriftChange, changes: Partial<DriftReport> = {}): DriftReport => ({
  key: 'drift-network-2026-11-21T09:00:00Z',
  workflowId: 'drift-network-2026-11-21T09:00:00Z',
  stack: 'network',
  at: sampleTime,
  audiences: [],
  news,
  ...changes,
});

const nasty = '<!channel> @here <script>alert(1)</script> *bold* \u202eevil';

const samples: Readonly<Record<string, DriftReport>> = {
  'drift-appeared': sampleDriftReport({ kind: 'appeared', summary: dangerousPlan.summary }),
  'drift-changed': sampleDriftReport({ kind: 'changed', summary: dangerousPlan.summary }),
  'drift-gone': sampleDriftReport({ kind: 'gone' }),
  'drift-works-again': sampleDriftReport({ kind: 'works_again' }),
  'drift-failed': sampleDriftReport({
    kind: 'failed',
    message: 'checking stack network for drift: terraform init failed: the registry is unavailable',
    hint: "Check that this worker reaches the providers' registry and the backend. Quarterdeck retries.",
  }),
  'drift-hostile': sampleDriftReport({ kind: 'failed', message: nasty, hint: nasty }, { stack: nasty }),
};

/** Drift cards, with names for golden files. */
export const sampleDrifts: readonly { readonly name: string; readonly draw: () => Card }[] = Object.entries(
  samples,
).map(([name, report]) => ({ name, draw: () => driftCard(report) }));
