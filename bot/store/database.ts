import { mkdir } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Logger } from '../../runtime/logger.ts';
import type { Schema } from './schema.ts';

/** Which database: a PostgreSQL server, or the embedded one in a folder. */
export type DatabasePlace =
  | { readonly kind: 'server'; readonly url: string }
  | { readonly kind: 'embedded'; readonly directory: string };

const server = (url: string, logger: Logger): Kysely<Schema> => {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 5000,
    statement_timeout: 15_000,
    application_name: 'quarterdeck',
  });
  // An idle connection that the server closes would otherwise end the process.
  pool.on('error', (error) => logger.warn({ error: error.message }, 'a database connection was lost'));
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
};

const embedded = async (directory: string): Promise<Kysely<Schema>> => {
  await mkdir(directory, { recursive: true });
  const pglite = await PGlite.create(directory);
  return new Kysely<Schema>({ dialect: new PGliteDialect({ pglite }) });
};

export const openDatabase = (place: DatabasePlace, logger: Logger): Promise<Kysely<Schema>> =>
  place.kind === 'server' ? Promise.resolve(server(place.url, logger)) : embedded(place.directory);
