import { parseArgs } from 'node:util';
import type { TeamsApp } from '../../bot/teams/manifest.ts';

const usage =
  'Usage: npm run teams:package -- [--app-id <guid>] [--domain <host>] [--version <x.y.z>] [--out <file>]';

/** The app to pack, and the file to write. */
export interface PackageOptions {
  readonly app: TeamsApp;
  readonly out: string;
}

/** The options do not describe a package; the message lists every reason. */
export class PackageError extends Error {
  override readonly name = 'PackageError';
}

type Env = Readonly<Record<string, string | undefined>>;

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const host = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;
/** Reserved domains that no tenant can reach. */
const unreachable = /\.(?:local|localhost|internal|invalid)$/;
const version = /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}$/;

const parseOptions = (args: readonly string[]) => {
  const text = { type: 'string' } as const;
  try {
    const options = { 'app-id': text, domain: text, version: text, out: text };
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (error) {
    throw new PackageError(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
};

const checkAppId = (appId: string): string | null => {
  if (appId === '') return 'The bot’s app id is missing. Pass --app-id, or set MicrosoftAppId in .env.';
  if (!guid.test(appId))
    return 'The app id must look like 00000000-0000-0000-0000-000000000000. Copy the Microsoft App ID of the Azure Bot.';
  return /^[0-]+$/.test(appId)
    ? 'The app id is the example’s. Pass the Microsoft App ID of your Azure Bot.'
    : null;
};

const checkDomain = (domain: string): string | null => {
  if (domain === '') return 'The bot’s domain is missing. Pass --domain, or set PUBLIC_URL in .env.';
  if (!host.test(domain) || unreachable.test(domain))
    return 'The domain must be a host that Teams can reach, such as deploy.example.com. Remove https://, port and path; an IP address is not allowed.';
  return null;
};

const getHost = (publicUrl: string): string => {
  if (publicUrl === '' || !URL.canParse(publicUrl)) return publicUrl;
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol !== 'https:')
    throw new PackageError('PUBLIC_URL must start with https:// for Teams. Correct it, or pass --domain.');
  return hostname;
};

/** Options override the environment. Throws one `PackageError` with every problem. */
export const readOptions = (args: readonly string[], env: Env, ownVersion: string): PackageOptions => {
  const given = parseOptions(args);
  const app = {
    appId: (given['app-id'] ?? env.MicrosoftAppId ?? '').trim().toLowerCase(),
    domain: (given.domain ?? getHost(env.PUBLIC_URL?.trim() ?? '')).trim().toLowerCase(),
    version: given.version ?? ownVersion,
  };
  const problems = [
    checkAppId(app.appId),
    checkDomain(app.domain),
    version.test(app.version) ? null : 'The version must be three numbers, such as 1.0.1.',
  ].filter((problem) => problem !== null);
  if (problems.length > 0) throw new PackageError(`${problems.join('\n')}\n${usage}`);
  return { app, out: given.out ?? 'quarterdeck-teams.zip' };
};
