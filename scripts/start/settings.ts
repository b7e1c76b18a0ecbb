import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { definedVariables, type Env } from '../../runtime/env.ts';
import { EnvError, readAll } from '../../runtime/env-error.ts';
import type { StartedSettings } from '../../runtime/start-record.ts';
import { findMisspelledVariables } from '../../runtime/suggest-variable.ts';
import {
  readTemporalSettings,
  type TemporalSettings,
  temporalEnvShape,
} from '../../runtime/temporal-settings.ts';
import { refuseUnsupportedSettings } from '../../runtime/unsupported-settings.ts';
import { getDemoPaths } from '../demo/paths.ts';
import { findProgram } from '../prepare/programs.mjs';
import { findTemporalCli } from '../tools/find-tool.mjs';
import { StartError } from './start-error.ts';

/** The Temporal server that `npm start` runs. */
export interface DevServer {
  readonly cli: string;
  readonly port: number;
  readonly uiPort: number;
}

export interface StartSettings {
  readonly root: string;
  readonly env: Env;
  readonly host: string;
  readonly port: number;
  readonly temporal: TemporalSettings;
  /** null: the environment names a server that already runs. */
  readonly devServer: DevServer | null;
  /** An absolute path. */
  readonly catalog: string;
  /** true: the catalog is the demo's. */
  readonly demo: boolean;
  readonly terraform: string;
}

const port = (env: Env, name: string, defaultPort: number): number => {
  const text = env[name]?.trim() || String(defaultPort);
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 65_535) return value;
  throw new StartError(`${name} is not a port: "${text}". Set a whole number from 1 to 65535.`);
};

const readDevServer = (env: Env): DevServer => {
  const cli = findTemporalCli(env);
  if (!cli)
    throw new StartError(
      'The Temporal CLI is not installed, so no server can be started.',
      'node scripts/prepare.mjs start',
    );
  return { cli, port: port(env, 'TEMPORAL_DEV_PORT', 7233), uiPort: port(env, 'TEMPORAL_DEV_UI_PORT', 8233) };
};

const findCatalog = (root: string, env: Env): string | null => {
  if (env.QUARTERDECK_CATALOG?.trim()) return env.QUARTERDECK_CATALOG.trim();
  return existsSync(join(root, 'quarterdeck.yaml')) ? 'quarterdeck.yaml' : null;
};

const findTerraform = (env: Env): string =>
  env.TERRAFORM_BIN || (findProgram('terraform', env) ? 'terraform' : 'tofu');

/** Variables that are read here, or passed to the bot and the worker. A misspelt one is found only here. */
const known = [
  ...Object.keys(temporalEnvShape),
  ...['PORT', 'HOST', 'QUARTERDECK_CATALOG', 'TERRAFORM_BIN', 'WORKER_SHUTDOWN_GRACE'],
  'QUARTERDECK_DEMO',
  ...['OPA_URL', 'OPA_BIN', 'POLICY_DIR', 'CODEC_PORT', 'CODEC_HOST', 'CODEC_TOKEN'],
  ...['TEMPORAL_UI_URL', 'TEMPORAL_DEV_PORT', 'TEMPORAL_DEV_UI_PORT'],
];

const checkNames = (env: Env): void => {
  const given = definedVariables(env);
  const checks = [refuseUnsupportedSettings('bot'), refuseUnsupportedSettings('worker')];
  const problems = [...checks.flatMap((check) => check(given)), ...findMisspelledVariables(given, known)];
  if (problems.length > 0) throw new EnvError([...new Set(problems)]);
};

/** Reads every setting once. Throws before anything is started. */
export const readSettings = (root: string, env: Env): StartSettings => {
  const [given] = readAll(
    () => readTemporalSettings(env),
    () => checkNames(env),
  );
  const devServer = given.addressFrom === 'the default' ? readDevServer(env) : null;
  const catalog = findCatalog(root, env);
  return {
    root,
    env,
    host: env.HOST?.trim() || '127.0.0.1',
    port: port(env, 'PORT', 3000),
    temporal: devServer ? { ...given, address: `127.0.0.1:${devServer.port}` } : given,
    devServer,
    catalog: resolve(root, catalog ?? getDemoPaths().catalog),
    demo: catalog === null,
    terraform: findTerraform(env),
  };
};

/** What other programs need to find what this start runs. */
export const toStartedSettings = ({ catalog, temporal, host, port }: StartSettings): StartedSettings => ({
  catalog,
  temporalAddress: temporal.address,
  temporalNamespace: temporal.namespace,
  host,
  port,
});
