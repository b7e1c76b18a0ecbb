import type { PlanCounts } from '../../workflows/contract/plan.ts';
import { describeCounts } from '../../workflows/contract/plan-counts.ts';
import type { RunEvent } from '../../workflows/contract/run-event.ts';

const kindLabels: Readonly<Record<RunEvent['kind'], string>> = {
  asked: 'requested',
  queued: 'queued',
  started: 'started',
  nothing_changed: 'no changes',
  planned: 'planned',
  question: 'approval requested',
  reminded: 'reminder sent',
  approved: 'approved',
  denied: 'denied',
  expired: 'approval expired',
  not_counted: 'decision rejected',
  applying: 'apply started',
  applied: 'applied',
  apply_aborted: 'apply aborted',
  failed: 'failed',
  cancelled: 'cancelled',
  retried: 'resumed',
  succeeded: 'succeeded',
};

/** The kind of an audit entry, as text. Entries of another version can have unknown kinds. */
export const describeAuditKind = (kind: string): string =>
  new Map<string, string>(Object.entries(kindLabels)).get(kind) ?? kind.replaceAll('_', ' ');

const isDigest = /^[0-9a-f]{40,}$/;

const isCounts = (value: unknown): value is PlanCounts =>
  typeof value === 'object' &&
  value !== null &&
  (['add', 'change', 'replace', 'destroy', 'import', 'move', 'forget'] as const).every(
    (name) => name in value,
  );

const toText = (name: string, value: unknown): string => {
  if (typeof value === 'string') return isDigest.test(value) ? `${value.slice(0, 12)}…` : value;
  if (typeof value === 'number' && /At$/.test(name) && Math.abs(value) < 8.64e15)
    return new Date(value).toISOString();
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (isCounts(value)) return describeCounts(value);
  if (Array.isArray(value)) return value.map((one) => toText(name, one)).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .filter(([, one]) => one !== null && one !== 0)
    .map(([inner, one]) => `${inner} ${toText(inner, one)}`)
    .join(', ');
};

/** The details of an audit entry as text, without empty values. */
export const describeAuditDetails = (
  details: Readonly<Record<string, unknown>>,
): readonly { readonly name: string; readonly value: string }[] =>
  Object.entries(details)
    .filter(([name, value]) => value !== null && value !== false && value !== '' && name !== 'by')
    .map(([name, value]) => ({ name, value: toText(name, value) }));
