import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** One message, or one thread post, in one conversation. */
export interface MessageKey {
  readonly workflowId: string;
  readonly conversation: string;
  readonly part: string;
}

export interface MessageRow extends MessageKey {
  readonly ref: string | null;
  readonly hash: string | null;
  readonly notificationKey: string | null;
  readonly deliveryUncertain: boolean;
  readonly suppressed: boolean;
  readonly reposts: number;
}

export interface MessageRows {
  /** Everything that one conversation was told of one run, by part. */
  of(workflowId: string, conversation: string): Promise<ReadonlyMap<string, MessageRow>>;
  save(row: MessageRow): Promise<void>;
}

/** A message that was never tried. */
export const createMessageRow = (key: MessageKey): MessageRow => ({
  ...key,
  ref: null,
  hash: null,
  notificationKey: null,
  deliveryUncertain: false,
  suppressed: false,
  reposts: 0,
});

export const createMessageRows = (db: Kysely<Schema>): MessageRows => ({
  async of(workflowId, conversation) {
    const rows = await db
      .selectFrom('messages')
      .selectAll()
      .where('workflow_id', '=', workflowId)
      .where('conversation', '=', conversation)
      .execute();
    return new Map(
      rows.map((row) => [
        row.part,
        {
          workflowId: row.workflow_id,
          conversation: row.conversation,
          part: row.part,
          ref: row.ref,
          hash: row.hash,
          notificationKey: row.milestone,
          deliveryUncertain: row.maybe_posted,
          suppressed: row.dropped,
          reposts: row.reposts,
        },
      ]),
    );
  },

  async save(row) {
    const values = {
      ref: row.ref,
      hash: row.hash,
      milestone: row.notificationKey,
      maybe_posted: row.deliveryUncertain,
      dropped: row.suppressed,
      reposts: row.reposts,
    };
    await db
      .insertInto('messages')
      .values({ workflow_id: row.workflowId, conversation: row.conversation, part: row.part, ...values })
      .onConflict((conflict) => conflict.columns(['workflow_id', 'conversation', 'part']).doUpdateSet(values))
      .execute();
  },
});
