import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, readlink, realpath, symlink } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { findTemporalCli } from '../scripts/tools/find-tool.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The environment of a person's shell: no variables of this test run, and no settings of the product. */
export const cleanEnv = (): Record<string, string> => {
  const foreign =
    /^(VITEST|NODE_(?!EXTRA_CA_CERTS)|npm_|TEST$|PROD$|DEV$|MODE$|BASE_URL$|SLACK_|QUARTERDECK_|WORKER_|DATABASE_URL|ARTIFACTS_URL|PUBLIC_URL|HOST$|LOG_LEVEL)/;
  const kept = Object.entries(process.env).filter(
    ([name]) => !foreign.test(name) && (!name.startsWith('TEMPORAL_') || name === 'TEMPORAL_CLI'),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, value ?? '']));
};

/** Ports of this machine that are free now. */
export const freePorts = async (count: number): Promise<readonly number[]> => {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  return ports;
};

/** Copies every file that git tracks or would add, as a clone has it. */
export const copyTree = async (): Promise<string> => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'quarterdeck-start-')));
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const { stdout } = await execa('git', list, { cwd: root });
  const deleted = await execa('git', ['ls-files', '-z', '--deleted'], { cwd: root });
  const gone = new Set(deleted.stdout.split('\0'));
  const files = stdout.split('\0').filter((file) => file !== '' && !gone.has(file));
  await execa('sh', ['-c', `tar -cf - -T - | tar -xf - -C "$0"`, folder], {
    cwd: root,
    input: files.join('\n'),
  });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const cli = findTemporalCli() ?? '';
  await mkdir(join(folder, '.quarterdeck', 'tools'), { recursive: true });
  await symlink(cli, join(folder, '.quarterdeck', 'tools', 'temporal'));
  return folder;
};

/** The processes that work in a folder, however they were started. */
export const listProcesses = async (folder: string): Promise<readonly string[]> => {
  if (process.platform !== 'linux') {
    const { stdout } = await execa('ps', ['-axo', 'pid=,command=']);
    return stdout.split('\n').filter((line) => line.includes(folder));
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const looked = pids.map(async (pid) => {
    const [cwd, command] = await Promise.all([
      readlink(`/proc/${pid}/cwd`).catch(() => ''),
      readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    ]);
    const mine = cwd.startsWith(folder) || command.includes(folder);
    return mine ? `${pid} ${command.replaceAll('\0', ' ')}` : null;
  });
  return (await Promise.all(looked)).filter((line) => line !== null);
};
