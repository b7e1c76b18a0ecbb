import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { createArtifactStore } from '../../activities/artifacts/create-artifact-store.ts';
import type { Env } from '../../runtime/env.ts';
import { type Check, type Finding, fail, ok, toReason } from './finding.ts';

const dataDirectory = '.quarterdeck';

const checkDataDirectory = async (): Promise<Finding> => {
  try {
    await mkdir(dataDirectory, { recursive: true });
    await access(dataDirectory, constants.W_OK);
    return ok('database', `embedded, in ${dataDirectory}`);
  } catch (error) {
    return fail(
      'database',
      `${dataDirectory} is not writable: ${toReason(error)}`,
      'Fix its permissions, or set DATABASE_URL.',
    );
  }
};

const checkServer = async (url: string): Promise<Finding> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>('select version()');
    return ok('database', rows[0]?.version.split(' on ')[0] ?? 'PostgreSQL');
  } catch (error) {
    return fail(
      'database',
      toReason(error),
      'Start PostgreSQL, or fix DATABASE_URL. Without it, the bot uses an embedded database.',
    );
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** The bot’s database. */
export const checkDatabase =
  (url: string | null): Check =>
  async () => [url === null ? await checkDataDirectory() : await checkServer(url)];

/** The artifact store: writes a small file and reads it back. */
export const checkArtifacts =
  (url: string, env: Env): Check =>
  async () => {
    try {
      const store = createArtifactStore(url, env);
      const written = await store.put('doctor/probe.txt', 'written by npm run cli -- doctor\n');
      await text(await store.open(written));
      return [ok('artifacts', `${url} is readable and writable`)];
    } catch (error) {
      return [
        fail(
          'artifacts',
          `${url}: ${toReason(error)}`,
          'Check ARTIFACTS_URL, its permissions and the free disk space.',
        ),
      ];
    }
  };
