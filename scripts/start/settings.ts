import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TemporalSettings, temporalSettings } from '../../runtime/temporal.ts';
import { findProgram } from '../prepare/programs.mjs';
import { findTemporalCli } from '../tools/temporal-cli.mjs';
import { CannotStart } from './cannot-start.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** A Temporal server of our own, for as long as we run. */
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
  /** null: the environment names a server that runs already. */
  readonly devServer: DevServer | null;
  /** null: the demo's. */
  readonly catalog: string | null;
  readonly terraform: string;
}

const port = (env: Env, name: string, usual: number): number => {
  const text = env[name]?.trim() || String(usual);
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 65_535) return value;
  throw new CannotStart(`${name} is "${text}", which is not a port: a whole number from 1 to 65535.`);
};

const ownServer = (env: Env): DevServer => {
  const cli = findTemporalCli(env);
  if (!cli) throw new CannotStart('There is no Temporal CLI.', 'node scripts/prepare.mjs start');
  return { cli, port: port(env, 'TEMPORAL_DEV_PORT', 7233), uiPort: port(env, 'TEMPORAL_DEV_UI_PORT', 8233) };
};

const findCatalog = (root: string, env: Env): string | null => {
  if (env.QUARTERDECK_CATALOG?.trim()) return env.QUARTERDECK_CATALOG.trim();
  return existsSync(join(root, 'quarterdeck.yaml')) ? 'quarterdeck.yaml' : null;
};

const terraformProgram = (env: Env): string =>
  env.TERRAFORM_BIN || (findProgram('terraform', env) ? 'terraform' : 'tofu');

/** Everything that the environment decides, read once. Throws before anything is started. */
export const readSettings = (root: string, env: Env): StartSettings => {
  const given = temporalSettings(env);
  const devServer = given.addressFrom === 'the default' ? ownServer(env) : null;
  return {
    root,
    env,
    host: env.HOST?.trim() || '127.0.0.1',
    port: port(env, 'PORT', 3000),
    temporal: devServer ? { ...given, address: `127.0.0.1:${devServer.port}` } : given,
    devServer,
    catalog: findCatalog(root, env),
    terraform: terraformProgram(env),
  };
};
