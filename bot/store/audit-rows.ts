import type { Kysely } from 'kysely';
import type { RunEvent } from '../../workflows/contract/run-event.ts';
import { readPayload } from '../../workflows/contract/stored-views.ts';
import type { AuditEntry, LiveRun } from '../runs/types.ts';
import { toJson, toText } from './json.ts';
import type { Schema } from './schema.ts';

/** An audit entry to append. `seq` is the number of the run event; null for an entry of the bot itself. */
export interface NewAuditEntry extends AuditEntry {
  readonly seq: number | null;
}

const getActorId = (event: RunEvent): string | null =>
  'by' in event && event.by !== null ? event.by.id : null;

/** No event has this number, so the end is appended once even when two bots observe it. */
const externalEndSeq = -1;

const toExternalEndEntry = ({ view, externalEnd: how }: LiveRun): readonly NewAuditEntry[] => {
  if (how === null) return [];
  const at = Math.max(view.endedAt ?? view.askedAt, view.events.at(-1)?.at ?? 0);
  const { workflowId } = view;
  return [{ seq: externalEndSeq, at, kind: 'ended_outside', workflowId, by: null, details: { how } }];
};

/** Audit entries of a run's events from this number on, and of its end when Temporal closed it. */
export const toAuditEntries = (run: LiveRun, from: number): readonly NewAuditEntry[] => [
  ...run.view.events
    .filter(({ seq }) => seq >= from)
    .map((event) => {
      const { seq, at, kind, ...details } = event;
      return { seq, at, kind, workflowId: run.view.workflowId, by: getActorId(event), details };
    }),
  ...toExternalEndEntry(run),
];

export interface AuditRows {
  /** Appends entries. A run event that has an entry already keeps it. */
  append(entries: readonly NewAuditEntry[]): Promise<void>;
  /** Oldest first. */
  of(workflowId: string): Promise<readonly AuditEntry[]>;
}

export const createAuditRows = (db: Kysely<Schema>): AuditRows => ({
  async append(entries) {
    if (entries.length === 0) return;
    await db
      .insertInto('audit')
      .values(
        entries.map(({ at, workflowId, seq, kind, by, details }) => ({
          at,
          workflow_id: workflowId,
          seq,
          kind,
          by: by === null ? null : toText(by),
          details: toJson(details),
        })),
      )
      .onConflict((conflict) => conflict.columns(['workflow_id', 'seq']).doNothing())
      .execute();
  },

  async of(workflowId) {
    const rows = await db
      .selectFrom('audit')
      .selectAll()
      .where('workflow_id', '=', workflowId)
      .orderBy('at')
      .orderBy('id')
      .execute();
    return rows.map(({ at, kind, by, details }) => ({
      at: Number(at),
      workflowId,
      kind,
      by,
      details: kind === 'applied' ? readPayload(details) : details,
    }));
  },
});
