import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { goInstall, keepProgram } from './go-install.mjs';
import { findProgram } from './programs.mjs';
import { FixableError } from './report.mjs';
import { run } from './run.mjs';

/** The newest version that the Go toolchain can build from the module proxy. */
const goModule = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';
const withoutProgressMs = 20_000;

/** The names under which an address of a Temporal server that runs already is given. */
const addressNames = [
  'TEMPORAL_ADDRESS',
  'TEMPORAL_SERVER_ADDRESS',
  'TEMPORAL_HOST_URL',
  'TEMPORAL_URL',
  'TEMPORAL_CONFIG_FILE',
  'TEMPORAL_PROFILE',
  'DEPLOY_ENV',
];

const cached = (root) => join(root, '.quarterdeck', 'tools', 'temporal');

const find = ({ root, env }) =>
  env.TEMPORAL_CLI
    ? findProgram(env.TEMPORAL_CLI, env)
    : (findProgram('temporal', env) ?? findProgram(cached(root), env));

const bytesIn = (folder) =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

/** True once a folder has not grown for a while. */
export const noProgress = (folder, forMs = withoutProgressMs) => {
  let seen = -1;
  let since = Date.now();
  return () => {
    const bytes = bytesIn(folder);
    if (bytes !== seen) [seen, since] = [bytes, Date.now()];
    return Date.now() - since > forMs;
  };
};

const download = async ({ root, env, report }, folder) => {
  const script = fileURLToPath(new URL('./download-temporal.mjs', import.meta.url));
  const { path } = await report.step(
    'Temporal CLI',
    "downloading, the way Temporal's SDK does",
    async (detail) => {
      const stalled = noProgress(folder);
      const { ok } = await run(join(root, 'node_modules', '.bin', 'node'), [script, folder], {
        cwd: root,
        env,
        log: join(root, '.quarterdeck', 'logs', 'temporal-download.log'),
        stalled: () => {
          detail(`${Math.round(bytesIn(folder) / 1e6)} MB`);
          return stalled();
        },
      });
      const program = readdirSync(folder).find((name) => !name.endsWith('.downloading'));
      return ok && program ? { ok, path: join(folder, program) } : { ok: false, path: null };
    },
  );
  return path;
};

const build = (context, folder) =>
  goInstall(
    context,
    {
      label: 'Temporal CLI',
      module: goModule,
      program: 'temporal',
      doing: `not to be had; building it with go install ${goModule} (2 to 5 minutes, once)`,
    },
    folder,
  );

const bring = async (context) => {
  const { root, env } = context;
  if (env.TEMPORAL_CLI)
    throw new FixableError(
      `TEMPORAL_CLI is ${env.TEMPORAL_CLI}, which is not a program that can be run.`,
      'unset TEMPORAL_CLI',
    );
  const folder = `${cached(root)}.bringing`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    const program = (await download(context, folder)) ?? (await build(context, folder));
    if (!program || !existsSync(program))
      throw new FixableError(
        'the Temporal CLI could neither be downloaded nor built here.',
        process.platform === 'darwin'
          ? 'brew install temporal'
          : 'install it from https://temporal.download/cli and put it on PATH, or set TEMPORAL_CLI',
      );
    keepProgram(program, cached(root));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

export const temporalStep = {
  missing: (context) =>
    find(context) === null && !(context.word === 'start' && addressNames.some((name) => context.env[name])),
  bring,
};
