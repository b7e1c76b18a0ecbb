import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { createArtifactStore } from '../../activities/artifacts/create-artifact-store.ts';
import type { Env } from '../../runtime/env.ts';
import { type Check, type Finding, fail, ok, toReason } from './finding.ts';

const folder = '.quarterdeck';

const checkFolder = async (): Promise<Finding> => {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    return ok('database', `embedded, in ${folder}`);
  } catch (error) {
    return fail(
      'database',
      `${folder} cannot be written: ${toReason(error)}`,
      'Correct its owner, or set DATABASE_URL.',
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
      'Start PostgreSQL, correct DATABASE_URL, or unset it for the embedded one.',
    );
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** Where the bot keeps what it knows. */
export const checkDatabase =
  (url: string | null): Check =>
  async () => [url === null ? await checkFolder() : await checkServer(url)];

/** Writes a small file and reads it back. */
export const checkArtifacts =
  (url: string, env: Env): Check =>
  async () => {
    try {
      const store = createArtifactStore(url, env);
      const written = await store.put('doctor/probe.txt', 'written by npm run cli -- doctor\n');
      await text(await store.open(written));
      return [ok('artifacts', `${url} can be written and read`)];
    } catch (error) {
      return [
        fail(
          'artifacts',
          `${url}: ${toReason(error)}`,
          'Correct ARTIFACTS_URL, its permissions or the free space.',
        ),
      ];
    }
  };
