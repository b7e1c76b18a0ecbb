import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Logger } from '../../runtime/logger.ts';
import type { PlatformStore } from '../platform/platform-factory.ts';
import { type AuditRows, createAuditRows } from './audit-rows.ts';
import { type DatabaseLocation, openDatabase } from './database.ts';
import { createKeyValueRows } from './key-value-rows.ts';
import { createMessageRows, type MessageRows } from './message-rows.ts';
import { migrations } from './migrations.ts';
import { createRunRows, type RunRows } from './run-rows.ts';
import type { Schema } from './schema.ts';
import { createSubscriptionRows, type SubscriptionRows } from './subscription-rows.ts';

/** The bot's database. Temporal remains the authority on every run. */
export interface Store {
  readonly runs: RunRows;
  readonly messages: MessageRows;
  readonly audit: AuditRows;
  readonly subscriptions: SubscriptionRows;
  keyValues(platform: string): PlatformStore;
  /** Rejects when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

const migrate = async (db: Kysely<Schema>): Promise<void> => {
  const { error } = await new Migrator({ db, provider: migrations }).migrateToLatest();
  if (error !== undefined) throw new Error('migrating the tables of the store', { cause: error });
};

/** Opens the database and brings its tables up to date. */
export const openStore = async (location: DatabaseLocation, logger: Logger): Promise<Store> => {
  const db = await openDatabase(location, logger);
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    runs: createRunRows(db),
    messages: createMessageRows(db),
    audit: createAuditRows(db),
    subscriptions: createSubscriptionRows(db),
    keyValues: (platform) => createKeyValueRows(db, platform),
    ping: async () => {
      await sql`select 1`.execute(db);
    },
    close: () => db.destroy(),
  };
};
