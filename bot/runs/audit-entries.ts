import type { RunEvent } from '../../workflows/contract/run-event.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import type { NewAuditEntry } from '../store/audit-rows.ts';

const who = (event: RunEvent): string | null => ('by' in event && event.by !== null ? event.by.id : null);

/** A run's events as lines of the audit trail. */
export const auditEntries = (view: RunView): readonly NewAuditEntry[] =>
  view.events.map((event) => {
    const { seq, at, kind, ...details } = event;
    return { seq, at, kind, workflowId: view.workflowId, by: who(event), details };
  });
