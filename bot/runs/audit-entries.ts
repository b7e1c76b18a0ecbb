import type { RunEvent } from '../../workflows/contract/run-event.ts';
import type { NewAuditEntry } from '../store/audit-rows.ts';
import type { LiveRun } from './port.ts';

const who = (event: RunEvent): string | null => ('by' in event && event.by !== null ? event.by.id : null);

/** Beside every event's own number, so that the end is appended once, whichever bot sees it. */
const endedOutsideSeq = -1;

const outside = ({ view, endedOutside: how }: LiveRun): readonly NewAuditEntry[] => {
  if (how === null) return [];
  const at = Math.max(view.endedAt ?? view.askedAt, view.events.at(-1)?.at ?? 0);
  const { workflowId } = view;
  return [{ seq: endedOutsideSeq, at, kind: 'ended_outside', workflowId, by: null, details: { how } }];
};

/** A run's events as lines of the audit trail, from a number on, and how somebody ended it from outside. */
export const auditEntries = (run: LiveRun, from: number): readonly NewAuditEntry[] => [
  ...run.view.events
    .filter(({ seq }) => seq >= from)
    .map((event) => {
      const { seq, at, kind, ...details } = event;
      return { seq, at, kind, workflowId: run.view.workflowId, by: who(event), details };
    }),
  ...outside(run),
];
