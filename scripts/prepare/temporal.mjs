import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheProgram, goInstall, withBuildFolder } from './go-install.mjs';
import { findProgram } from './programs.mjs';
import { FixableError } from './reporter.mjs';
import { runProgram } from './run-program.mjs';

const label = 'Temporal CLI';
/** The newest version that the Go toolchain can build from the module proxy. */
const goModule = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';
/** How many packages an empty build cache compiles, from `go list -deps`. */
const packages = 1300;
const downloadSite = 'https://temporal.download/cli/archive/latest';
const probeTimeoutMs = 5000;
const stalledAfterMs = 20_000;

/** The variables that give the address of a Temporal server that already runs. */
const addressNames = [
  'TEMPORAL_ADDRESS',
  'TEMPORAL_SERVER_ADDRESS',
  'TEMPORAL_HOST_URL',
  'TEMPORAL_URL',
  'TEMPORAL_CONFIG_FILE',
  'TEMPORAL_PROFILE',
  'DEPLOY_ENV',
];

const getCachePath = (root) => join(root, '.quarterdeck', 'tools', 'temporal');

const find = ({ root, env }) =>
  env.TEMPORAL_CLI
    ? findProgram(env.TEMPORAL_CLI, env)
    : (findProgram('temporal', env) ?? findProgram(getCachePath(root), env));

const getFolderBytes = (folder) =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

/** Returns a function that answers true once a folder has not grown for a while. */
export const createStallCheck = (folder, forMs = stalledAfterMs) => {
  let lastBytes = -1;
  let since = Date.now();
  return () => {
    const bytes = getFolderBytes(folder);
    if (bytes !== lastBytes) [lastBytes, since] = [bytes, Date.now()];
    return Date.now() - since > forMs;
  };
};

/** `fetch` does not use a proxy, so with one the download decides whether the site is reachable. */
const canDownload = async ({ HTTPS_PROXY, https_proxy: lowerCase }) => {
  if (HTTPS_PROXY || lowerCase) return true;
  try {
    await fetch(downloadSite, { method: 'HEAD', signal: AbortSignal.timeout(probeTimeoutMs) });
    return true;
  } catch {
    return false; // offline, or a network that does not allow this site
  }
};

/** Temporal's SDK knows the version and the address. It is one of the packages, so they come first. */
const download = async ({ root, env, reporter, packages: installed }, folder) => {
  await installed;
  const script = fileURLToPath(new URL('./download-temporal.mjs', import.meta.url));
  const { path } = await reporter.step(label, "downloading with Temporal's SDK", async (setDetail) => {
    const isStalled = createStallCheck(folder);
    const { ok } = await runProgram(join(root, 'node_modules', '.bin', 'node'), [script, folder], {
      cwd: root,
      env,
      log: join(root, '.quarterdeck', 'logs', 'temporal-download.log'),
      stalled: () => {
        setDetail(`${Math.round(getFolderBytes(folder) / 1e6)} MB`);
        return isStalled();
      },
    });
    const program = readdirSync(folder).find((name) => !name.endsWith('.downloading'));
    return ok && program ? { ok, path: join(folder, program) } : { ok: false, path: null };
  });
  return path;
};

const build = (context, folder) => {
  const operation = `download not available; building with go install ${goModule} (3 to 6 minutes on two cores, once)`;
  return goInstall(context, { label, module: goModule, program: 'temporal', operation, packages }, folder);
};

const bring = async (context) => {
  const { root, env } = context;
  if (env.TEMPORAL_CLI)
    throw new FixableError(
      `TEMPORAL_CLI is ${env.TEMPORAL_CLI}, which is not an executable file.`,
      'unset TEMPORAL_CLI',
    );
  await withBuildFolder(getCachePath(root), async (folder) => {
    const downloaded = (await canDownload(env)) ? await download(context, folder) : null;
    const program = downloaded ?? (await build(context, folder));
    if (!program || !existsSync(program))
      throw new FixableError(
        'The Temporal CLI could be neither downloaded nor built here.',
        process.platform === 'darwin'
          ? 'brew install temporal'
          : 'install it from https://temporal.download/cli and put it on PATH, or set TEMPORAL_CLI',
      );
    cacheProgram(program, getCachePath(root));
  });
};

/** Not needed by `npm start` when the environment names a server that already runs. */
export const temporalStep = {
  name: label,
  missing: (context) =>
    find(context) === null &&
    !(context.command === 'start' && addressNames.some((name) => context.env[name])),
  bring,
};
