import { execFile } from 'node:child_process';
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A PostgreSQL server for one test file. */
export interface TestPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

const findPrograms = async (): Promise<string> => {
  const root = '/usr/lib/postgresql';
  const versions = await readdir(root).catch(() => [] as string[]);
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  if (newest !== undefined) return join(root, newest, 'bin');
  const { stdout } = await run('pg_config', ['--bindir']).catch(() => {
    throw new Error(
      'starting PostgreSQL for the tests: it is not installed; run `apt-get install postgresql`',
    );
  });
  return stdout.trim();
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const idOf = async (user: string): Promise<{ uid: number; gid: number }> => {
  const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])]);
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
};

/** Starts a real PostgreSQL on a free port; it refuses to run as root, so root becomes `postgres`. */
export const startPostgres = async (): Promise<TestPostgres> => {
  const programs = await findPrograms();
  const directory = await mkdtemp(join(tmpdir(), 'quarterdeck-postgres-'));
  const user = process.getuid?.() === 0 ? await idOf('postgres') : null;
  if (user !== null) await chown(directory, user.uid, user.gid);
  const data = join(directory, 'data');
  const options = { ...user, cwd: directory };
  const start = async (): Promise<number> => {
    const port = await freePort();
    const settings = `-p ${port} -c listen_addresses=127.0.0.1 -k ${directory} -c fsync=off -c max_connections=30`;
    const log = join(directory, 'log');
    await run(join(programs, 'pg_ctl'), ['-D', data, '-w', '-l', log, '-o', settings, 'start'], options);
    return port;
  };
  await run(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8'],
    options,
  );
  const port = await start().catch(start);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      await run(join(programs, 'pg_ctl'), ['-D', data, '-m', 'immediate', '-w', 'stop'], options);
      await rm(directory, { recursive: true, force: true });
    },
  };
};
