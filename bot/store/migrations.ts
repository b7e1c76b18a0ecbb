import { type Kysely, sql } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely/migration';

const createTables: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('runs')
      .addColumn('workflow_id', 'text', (column) => column.primaryKey())
      .addColumn('run', 'jsonb', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('service', 'text', (column) => column.notNull())
      .addColumn('environment', 'text', (column) => column.notNull())
      .addColumn('requester', 'text', (column) => column.notNull())
      .addColumn('asked_at', 'bigint', (column) => column.notNull())
      .addColumn('ended_at', 'bigint')
      .addColumn('open', 'boolean', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('runs_newest').on('runs').column('asked_at desc').execute();
    await db.schema.createIndex('runs_of_service').on('runs').columns(['service', 'asked_at desc']).execute();
    await sql`create index runs_open on runs (asked_at desc) where open`.execute(db);
    await sql`create index runs_by_id on runs (workflow_id text_pattern_ops)`.execute(db);

    await db.schema
      .createTable('messages')
      .addColumn('workflow_id', 'text', (column) => column.notNull())
      .addColumn('conversation', 'text', (column) => column.notNull())
      .addColumn('part', 'text', (column) => column.notNull())
      .addColumn('ref', 'text')
      .addColumn('hash', 'text')
      .addColumn('milestone', 'text')
      .addColumn('maybe_posted', 'boolean', (column) => column.notNull())
      .addColumn('dropped', 'boolean', (column) => column.notNull())
      .addColumn('reposts', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('messages_key', ['workflow_id', 'conversation', 'part'])
      .execute();

    await db.schema
      .createTable('subscriptions')
      .addColumn('conversation', 'text', (column) => column.notNull())
      .addColumn('service', 'text', (column) => column.notNull())
      .addColumn('events', 'text', (column) => column.notNull())
      .addColumn('by', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('subscriptions_key', ['conversation', 'service'])
      .execute();

    await db.schema
      .createTable('memory')
      .addColumn('platform', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('value', 'jsonb', (column) => column.notNull())
      .addPrimaryKeyConstraint('memory_key', ['platform', 'key'])
      .execute();
  },
};

const createAudit: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('audit')
      .addColumn('id', 'bigserial', (column) => column.primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('workflow_id', 'text', (column) => column.notNull())
      .addColumn('seq', 'integer')
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('by', 'text')
      .addColumn('details', 'jsonb', (column) => column.notNull())
      .addUniqueConstraint('audit_event', ['workflow_id', 'seq'])
      .execute();
    // The bot itself must not be able to rewrite the audit trail.
    await sql`create function refuse_to_rewrite() returns trigger language plpgsql as
      $$ begin raise exception 'the audit trail is append-only'; end $$`.execute(db);
    await sql`create trigger audit_rows before update or delete on audit
      for each row execute function refuse_to_rewrite()`.execute(db);
    await sql`create trigger audit_table before truncate on audit
      for each statement execute function refuse_to_rewrite()`.execute(db);
  },
};

const indexEndedRuns: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createIndex('runs_ended')
      .on('runs')
      .columns(['service', 'environment', 'ended_at desc'])
      .execute();
  },
};

/** All migrations, in order. Never change one: databases record which ones they have, by name. */
export const migrations: MigrationProvider = {
  getMigrations: () =>
    Promise.resolve({ '001-runs': createTables, '002-audit': createAudit, '003-ended': indexEndedRuns }),
};
