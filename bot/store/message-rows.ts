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
  readonly milestone: string | null;
  readonly maybePosted: boolean;
  readonly dropped: boolean;
  readonly reposts: number;
}

export interface MessageRows {
  /** Everything that one conversation was told of one run, by part. */
  of(workflowId: string, conversation: string): Promise<ReadonlyMap<string, MessageRow>>;
  save(row: MessageRow): Promise<void>;
}

/** A message that was never tried. */
export const untried = (key: MessageKey): MessageRow => ({
  ...key,
  ref: null,
  hash: null,
  milestone: null,
  maybePosted: false,
  dropped: false,
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
      rows.map(({ workflow_id, maybe_posted, ...row }) => [
        row.part,
        { ...row, workflowId: workflow_id, maybePosted: maybe_posted },
      ]),
    );
  },

  async save({ workflowId, conversation, part, maybePosted, ...row }) {
    const values = { ...row, maybe_posted: maybePosted };
    await db
      .insertInto('messages')
      .values({ workflow_id: workflowId, conversation, part, ...values })
      .onConflict((conflict) => conflict.columns(['workflow_id', 'conversation', 'part']).doUpdateSet(values))
      .execute();
  },
});
