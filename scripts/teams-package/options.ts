import { parseArgs } from 'node:util';
import type { TeamsApp } from '../../bot/teams/manifest.ts';

const usage =
  'Usage: npm run teams:package -- [--app-id <guid>] [--domain <host>] [--version <x.y.z>] [--out <file>]';

export interface PackageOptions {
  readonly app: TeamsApp;
  readonly out: string;
}

/** What was asked for cannot be packed; the message lists every reason. */
export class PackageError extends Error {
  override readonly name = 'PackageError';
}

type Env = Readonly<Record<string, string | undefined>>;

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const host = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;
/** The reserved ends of names that no tenant can reach. */
const unreachable = /\.(?:local|localhost|internal|invalid)$/;
const version = /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}$/;

const optionsOf = (args: readonly string[]) => {
  const text = { type: 'string' } as const;
  try {
    const options = { 'app-id': text, domain: text, version: text, out: text };
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (error) {
    throw new PackageError(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
};

const appIdProblem = (appId: string): string | null => {
  if (appId === '') return 'Say which bot: --app-id, or MicrosoftAppId in .env.';
  if (!guid.test(appId))
    return 'The app id must look like 00000000-0000-0000-0000-000000000000: it is the Microsoft App ID of the Azure Bot.';
  return /^[0-]+$/.test(appId) ? 'The app id is the example’s; give the one of your Azure Bot.' : null;
};

const domainProblem = (domain: string): string | null => {
  if (domain === '') return 'Say where the bot is: --domain, or PUBLIC_URL in .env.';
  if (!host.test(domain) || unreachable.test(domain))
    return 'The domain must be a host that Teams can reach, such as deploy.example.com: no https://, port, path or number address.';
  return null;
};

const hostOf = (publicUrl: string): string => {
  if (publicUrl === '' || !URL.canParse(publicUrl)) return publicUrl;
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol !== 'https:')
    throw new PackageError('PUBLIC_URL must begin with https:// for Teams; correct it, or give --domain.');
  return hostname;
};

/** Options win over the environment. Throws `PackageError` with every problem at once. */
export const readOptions = (args: readonly string[], env: Env, ownVersion: string): PackageOptions => {
  const given = optionsOf(args);
  const app = {
    appId: (given['app-id'] ?? env.MicrosoftAppId ?? '').trim().toLowerCase(),
    domain: (given.domain ?? hostOf(env.PUBLIC_URL?.trim() ?? '')).trim().toLowerCase(),
    version: given.version ?? ownVersion,
  };
  const problems = [
    appIdProblem(app.appId),
    domainProblem(app.domain),
    version.test(app.version) ? null : 'The version must be three numbers, such as 1.0.1.',
  ].filter((problem) => problem !== null);
  if (problems.length > 0) throw new PackageError(`${problems.join('\n')}\n${usage}`);
  return { app, out: given.out ?? 'quarterdeck-teams.zip' };
};
