import { EnvError } from './env-error.ts';
import { isLoopbackHost } from './loopback.ts';

/** The server's address (`host:port`), and the variable that set it. */
export interface TemporalAddress {
  readonly address: string;
  readonly from: string;
}

const defaultPort = 7233;

/** Normalizes `host` or `host:port` to `host:port`. */
const hostAndPort = (written: string, from: string): string => {
  if (written.includes('://'))
    throw new EnvError([`${from}: remove http:// or https://; only host and port are allowed`]);
  const [, host, port] = /^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+)(?::(\d{1,5}))?$/.exec(written) ?? [];
  if (host === undefined || Number(port ?? defaultPort) > 65_535)
    throw new EnvError([`${from}: must be host:port, for example localhost:${defaultPort}`]);
  return `${host}:${port ?? defaultPort}`;
};

/**
 * The name of a deployment's Temporal server inside its cluster:
 * `temporal-preview-<pull request>` for a preview, `temporal-production` for production.
 */
const deploymentAddress = (env: Readonly<Record<string, string>>): TemporalAddress | null => {
  if (env.DEPLOY_ENV === 'production')
    return { address: `temporal-production:${defaultPort}`, from: 'DEPLOY_ENV' };
  if (env.DEPLOY_ENV !== 'preview') return null;
  if (!env.PR_NUMBER)
    throw new EnvError(['PR_NUMBER is not set: DEPLOY_ENV=preview needs the number of the pull request']);
  if (!/^[1-9]\d{0,9}$/.test(env.PR_NUMBER))
    throw new EnvError(['PR_NUMBER must be the number of the pull request']);
  return { address: `temporal-preview-${env.PR_NUMBER}:${defaultPort}`, from: 'DEPLOY_ENV and PR_NUMBER' };
};

/**
 * Resolves the server's address, in this order: `standard` from Temporal's own configuration (TEMPORAL_ADDRESS or
 * a profile), the other variables, the deployment's own server, localhost. Throws `EnvError`.
 */
export const resolveTemporalAddress = (
  env: Readonly<Record<string, string>>,
  standard: string | undefined,
): TemporalAddress => {
  if (standard) {
    const from = env.TEMPORAL_ADDRESS ? 'TEMPORAL_ADDRESS' : 'the profile in temporal.toml';
    return { address: hostAndPort(standard, from), from };
  }
  for (const from of ['TEMPORAL_SERVER_ADDRESS', 'TEMPORAL_HOST_URL', 'TEMPORAL_URL']) {
    const written = env[from];
    if (written) return { address: hostAndPort(written, from), from };
  }
  return deploymentAddress(env) ?? { address: `localhost:${defaultPort}`, from: 'the default' };
};

/** True for a server on this machine. It needs no API key, and traffic stays on the machine. */
export const isLoopbackAddress = (address: string): boolean =>
  isLoopbackHost(address.slice(0, address.lastIndexOf(':')).replaceAll(/[[\]]/g, ''));
