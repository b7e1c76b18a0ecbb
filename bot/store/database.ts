import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Logger } from '../../runtime/logger.ts';
import type { Schema } from './schema.ts';

/** A PostgreSQL server, or an embedded database (PGlite) in a directory. */
export type DatabaseLocation =
  | { readonly kind: 'server'; readonly url: string }
  | { readonly kind: 'embedded'; readonly directory: string };

const connectServer = (url: string, logger: Logger): Kysely<Schema> => {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 5000,
    statement_timeout: 15_000,
    application_name: 'quarterdeck',
  });
  // Without a listener, an idle connection that the server closes would end the process.
  pool.on('error', (err) => logger.warn({ err }, 'a database connection was lost'));
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
};

const run = promisify(execFile);
const program = fileURLToPath(new URL('./initialize-database.ts', import.meta.url));

/**
 * Creates the directory of the embedded database, completely or not at all. A separate process does it, because it
 * needs a gigabyte for some seconds, and the bot would keep a third of that.
 */
const initialize = async (directory: string): Promise<void> => {
  const temporary = `${directory}.making-${process.pid}`;
  try {
    await run(process.execPath, [program, temporary]);
    await rename(temporary, directory);
  } catch (error) {
    throw new Error(`creating the embedded database in ${directory}`, { cause: error });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
};

/** The default of 128 MB is far more than the few megabytes of a bot need. */
const startParams = [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'];

const openEmbedded = async (directory: string): Promise<Kysely<Schema>> => {
  await mkdir(directory, { recursive: true });
  if (!existsSync(join(directory, 'PG_VERSION'))) await initialize(directory);
  const pglite = await PGlite.create(directory, { startParams });
  return new Kysely<Schema>({ dialect: new PGliteDialect({ pglite }) });
};

/** Opens the database without migrating it. Rejects when an embedded one cannot be created. */
export const openDatabase = (location: DatabaseLocation, logger: Logger): Promise<Kysely<Schema>> =>
  location.kind === 'server'
    ? Promise.resolve(connectServer(location.url, logger))
    : openEmbedded(location.directory);
