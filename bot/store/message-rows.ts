import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** Identifies a card, a thread post or a notice in one conversation. */
export interface MessageKey {
  readonly workflowId: string;
  readonly conversation: string;
  readonly part: string;
}

export interface MessageRow extends MessageKey {
  /** The platform's reference of the message; null while it was not posted. */
  readonly ref: string | null;
  /** Hash of the card that the message shows. */
  readonly hash: string | null;
  /** Of the last notification that the message shows, or at which it was rejected. Column `milestone`. */
  readonly notificationKey: string | null;
  /** The message may have been posted: the bot died, or the chat did not answer. Column `maybe_posted`. */
  readonly deliveryUncertain: boolean;
  /** The chat rejected it at this notification key; without a key it was deleted twice. Column `dropped`. */
  readonly suppressed: boolean;
  /** How often the card was posted again after a person deleted it. */
  readonly reposts: number;
}

export interface MessageRows {
  /** All messages of one run in one conversation, by part. */
  of(workflowId: string, conversation: string): Promise<ReadonlyMap<string, MessageRow>>;
  save(row: MessageRow): Promise<void>;
}

/** A message that was not sent yet. */
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
