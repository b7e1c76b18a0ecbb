import type { Kysely } from 'kysely';
import type { Audience, Conversation } from '../../workflows/contract/conversation.ts';
import type { Schema } from './schema.ts';

export interface SubscriptionRows {
  add(service: string, audience: Audience, by: string): Promise<void>;
  /** False when the conversation was not subscribed to the service. */
  remove(service: string, conversation: Conversation): Promise<boolean>;
  of(service: string): Promise<readonly Audience[]>;
}

export const createSubscriptionRows = (db: Kysely<Schema>): SubscriptionRows => ({
  async add(service, { to, events }, by) {
    const values = { events, by, at: Date.now() };
    await db
      .insertInto('subscriptions')
      .values({ conversation: to, service, ...values })
      .onConflict((conflict) => conflict.columns(['conversation', 'service']).doUpdateSet(values))
      .execute();
  },

  async remove(service, conversation) {
    const result = await db
      .deleteFrom('subscriptions')
      .where('service', '=', service)
      .where('conversation', '=', conversation)
      .executeTakeFirst();
    return result.numDeletedRows > 0n;
  },

  async of(service) {
    const rows = await db
      .selectFrom('subscriptions')
      .select(['conversation', 'events'])
      .where('service', '=', service)
      .orderBy('at')
      .execute();
    return rows.map(({ conversation, events }) => ({ to: conversation, events }));
  },
});
