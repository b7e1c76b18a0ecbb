import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './programs.mjs';
import { Mendable } from './report.mjs';
import { run } from './run.mjs';

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

/** What the tests run for real, by the name of its Debian package. */
const needed = {
  chromium: (env) => findProgram('chromium', env) !== null,
  buildah: (env) => findProgram('buildah', env) !== null,
  postgresql: hasPostgres,
  'python3-venv': hasVenv,
};

const missingPackages = (env) => Object.keys(needed).filter((name) => !needed[name](env));

const aptGet = (args, { root, env }, detail) =>
  run('apt-get', ['-o', 'Acquire::Retries=3', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    cwd: root,
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    log: join(root, '.quarterdeck', 'logs', `apt-get-${args[0]}.log`),
    onLine: detail,
  });

const install = (names, context) =>
  context.report.step('system packages', `apt-get install ${names.join(' ')}`, async (detail) => {
    for (let attempt = 1; ; attempt += 1) {
      const updated = await aptGet(['update'], context, detail);
      const result = updated.ok
        ? await aptGet(['install', '-y', '--no-install-recommends', ...names], context, detail)
        : updated;
      if (result.ok) return;
      if (attempt === 3)
        throw new Mendable(`system packages: apt-get failed:\n${result.tail}`, mendFor(names, ''));
    }
  });

const mendFor = (names, sudo) =>
  `${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${names.join(' ')}`;

const mayInstall = (env) =>
  Boolean(env.CI) && process.getuid?.() === 0 && findProgram('apt-get', env) !== null;

export const systemStep = {
  missing: ({ env }) => missingPackages(env).length > 0,
  /** Only a build machine's root installs by itself; a person is told the command. */
  async bring(context) {
    const names = missingPackages(context.env);
    if (mayInstall(context.env)) return install(names, context);
    throw new Mendable(
      `the tests run against real programs, and these are missing: ${names.join(', ')}.`,
      mendFor(names, process.getuid?.() === 0 ? '' : 'sudo '),
    );
  },
};
