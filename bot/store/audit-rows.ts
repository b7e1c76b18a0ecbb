import type { Kysely } from 'kysely';
import { readPayload } from '../../workflows/contract/stored-views.ts';
import type { AuditEntry } from '../runs/port.ts';
import { toJson, toText } from './json.ts';
import type { Schema } from './schema.ts';

/** A line of the trail; `seq` is the run event's number, null for what the bot itself saw. */
export interface NewAuditEntry extends AuditEntry {
  readonly seq: number | null;
}

export interface AuditRows {
  /** Appends; a run event that stands already is left as it is. */
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
