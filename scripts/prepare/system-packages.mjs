import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './programs.mjs';
import { FixableError } from './reporter.mjs';
import { runProgram } from './run-program.mjs';

const postgresFolder = '/usr/lib/postgresql';

const hasPostgres = (env) =>
  findProgram('initdb', env) !== null ||
  (existsSync(postgresFolder) &&
    readdirSync(postgresFolder).some((version) =>
      existsSync(join(postgresFolder, version, 'bin', 'initdb')),
    ));

const hasVenv = (env) => {
  const python = findProgram('python3', env);
  return python !== null && spawnSync(python, ['-c', 'import ensurepip, venv'], { env }).status === 0;
};

/** What the tests run for real: how to find it, and its package. buildah runs on Linux only. */
const needed = [
  { has: (env) => findProgram('chromium', env) !== null, debian: 'chromium', brew: 'chromium' },
  { has: (env) => findProgram('buildah', env) !== null, debian: 'buildah', brew: null },
  { has: hasPostgres, debian: 'postgresql', brew: 'postgresql@17' },
  { has: hasVenv, debian: 'python3-venv', brew: 'python' },
];

/** The missing packages, by the names of the system's package manager. */
const findMissing = (env, platform = process.platform) =>
  needed
    .filter(({ has }) => !has(env))
    .map(({ debian, brew }) => (platform === 'darwin' ? brew : debian))
    .filter((name) => name !== null);

const runAptGet = (args, { root, env }, onLine) =>
  runProgram('apt-get', ['-o', 'Acquire::Retries=3', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    cwd: root,
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    log: join(root, '.quarterdeck', 'logs', `apt-get-${args[0]}.log`),
    onLine,
  });

const aptGetFix = (names, sudo) =>
  `${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${names.join(' ')}`;

/** The command that installs packages on this system. Homebrew does not put PostgreSQL on PATH unless it is linked. */
export const getInstallCommand = (names, platform = process.platform, isRoot = process.getuid?.() === 0) => {
  if (platform !== 'darwin') return aptGetFix(names, isRoot ? '' : 'sudo ');
  const link = names.filter((name) => name.startsWith('postgresql'));
  return [`brew install ${names.join(' ')}`, ...link.map((name) => `brew link --force ${name}`)].join(' && ');
};

const install = (names, context) =>
  context.reporter.step('system packages', `apt-get install ${names.join(' ')}`, async (setDetail) => {
    for (let attempt = 1; ; attempt += 1) {
      const updated = await runAptGet(['update'], context, setDetail);
      const result = updated.ok
        ? await runAptGet(['install', '-y', '--no-install-recommends', ...names], context, setDetail)
        : updated;
      if (result.ok) return;
      if (attempt === 3)
        throw new FixableError(`system packages: apt-get failed:\n${result.tail}`, aptGetFix(names, ''));
    }
  });

const canInstall = (env) =>
  Boolean(env.CI) && process.getuid?.() === 0 && findProgram('apt-get', env) !== null;

export const systemStep = {
  name: 'system packages',
  missing: ({ env }) => findMissing(env).length > 0,
  /** Installs only as root on a build machine; elsewhere the error names the command to run. */
  async bring(context) {
    const names = findMissing(context.env);
    if (canInstall(context.env)) return install(names, context);
    throw new FixableError(
      `The tests run real programs. Missing on this machine: ${names.join(', ')}.`,
      getInstallCommand(names),
    );
  },
};
