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

/** Which database: a PostgreSQL server, or the embedded one in a folder. */
export type DatabaseLocation =
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

const run = promisify(execFile);
const program = fileURLToPath(new URL('./initialize-database.ts', import.meta.url));

/**
 * Makes the embedded database's folder, whole or not at all, in a process of its own: that takes a gigabyte
 * for some seconds, of which the bot would keep a third.
 */
const make = async (directory: string): Promise<void> => {
  const making = `${directory}.making-${process.pid}`;
  try {
    await run(process.execPath, [program, making]);
    await rename(making, directory);
  } catch (error) {
    throw new Error(`making the embedded database in ${directory}`, { cause: error });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
};

/** The usual 128 MB of buffers would be held for the few megabytes that a bot keeps. */
const startParams = [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'];

const embedded = async (directory: string): Promise<Kysely<Schema>> => {
  await mkdir(directory, { recursive: true });
  if (!existsSync(join(directory, 'PG_VERSION'))) await make(directory);
  const pglite = await PGlite.create(directory, { startParams });
  return new Kysely<Schema>({ dialect: new PGliteDialect({ pglite }) });
};

export const openDatabase = (place: DatabaseLocation, logger: Logger): Promise<Kysely<Schema>> =>
  place.kind === 'server' ? Promise.resolve(server(place.url, logger)) : embedded(place.directory);
