import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import type { z } from 'zod';
import type { KeyRing } from '../encryption/keys.ts';
import { defaultQueues, type RunQueues } from '../workflows/contract/task-queues.ts';
import { encryptionEnvShape, readEncryptionKeys } from './encryption-settings.ts';
import { definedVariables, type Env, type EnvironmentCheck } from './env.ts';
import { EnvError, readAll } from './env-error.ts';
import { text } from './env-fields.ts';
import { isLoopbackAddress, resolveTemporalAddress } from './temporal-address.ts';
import {
  type CertificatePair,
  type CheckedPair,
  checkStandardPair,
  readCertificatePair,
  readFileOfVariable,
} from './temporal-certificate.ts';

/** How to connect to Temporal. */
export interface TemporalSettings {
  readonly address: string;
  /** The variable that set the address, for messages. */
  readonly addressFrom: string;
  readonly namespace: string;
  /** Task queues of deployments and provisions. */
  readonly queues: RunQueues;
  readonly tls: NonNullable<ClientConnectConfig['connectionOptions']['tls']>;
  /** Expiry of the client certificate; null without one. */
  readonly certificateExpires: Date | null;
  readonly apiKey: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** The keys of the payload codec. */
  readonly encryption: KeyRing;
}

const names = [
  'TEMPORAL_ADDRESS',
  'TEMPORAL_SERVER_ADDRESS',
  'TEMPORAL_HOST_URL',
  'TEMPORAL_URL',
  'DEPLOY_ENV',
  'PR_NUMBER',
  'TEMPORAL_NAMESPACE',
  'TEMPORAL_INFRA_PROVISION_TASK_QUEUE',
  'TEMPORAL_PROFILE',
  'TEMPORAL_CONFIG_FILE',
  'TEMPORAL_API_KEY',
  'TEMPORAL_CLOUD_API_KEY',
  'TEMPORAL_MTLS_TLS_CERT',
  'TEMPORAL_MTLS_TLS_KEY',
  'TEMPORAL_TLS',
  'TEMPORAL_TLS_SERVER_NAME',
  'TEMPORAL_TLS_CLIENT_CERT_PATH',
  'TEMPORAL_TLS_CLIENT_CERT_DATA',
  'TEMPORAL_TLS_CLIENT_KEY_PATH',
  'TEMPORAL_TLS_CLIENT_KEY_DATA',
  'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
  'TEMPORAL_TLS_SERVER_CA_CERT_DATA',
] as const;

type TemporalName = (typeof names)[number];

/** The variables that `temporalSettings` reads; spread this into a process's own schema. */
export const temporalEnvShape = {
  ...(Object.fromEntries(names.map((name) => [name, text().optional()])) as Record<
    TemporalName,
    z.ZodOptional<z.ZodString>
  >),
  ...encryptionEnvShape,
};

type Variables = Readonly<Record<string, string>>;

const standardFiles = [
  'TEMPORAL_CONFIG_FILE',
  'TEMPORAL_TLS_CLIENT_CERT_PATH',
  'TEMPORAL_TLS_CLIENT_KEY_PATH',
  'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
];

const hasAny = (given: Variables, names: readonly string[]): boolean => names.some((name) => given[name]);

/** Checks what Temporal's own loader ignores: a missing file, or a certificate without its key. */
const checkStandard = (given: Variables): void => {
  const cert = hasAny(given, ['TEMPORAL_TLS_CLIENT_CERT_PATH', 'TEMPORAL_TLS_CLIENT_CERT_DATA']);
  const key = hasAny(given, ['TEMPORAL_TLS_CLIENT_KEY_PATH', 'TEMPORAL_TLS_CLIENT_KEY_DATA']);
  readAll(
    ...standardFiles.map((name) => () => {
      const path = given[name];
      if (path) readFileOfVariable(name, path);
    }),
    () => {
      if (cert !== key)
        throw new EnvError([
          'TEMPORAL_TLS_CLIENT_CERT_* and TEMPORAL_TLS_CLIENT_KEY_*: mutual TLS needs both, or neither',
        ]);
    },
  );
};

const loadStandard = (given: Variables): ClientConnectConfig => {
  checkStandard(given);
  try {
    return loadClientConnectConfig({ overrideEnvVars: { ...given } });
  } catch (error) {
    // The TOML parser quotes the lines around an error, and one of them can hold an API key.
    const line = (error as { line?: unknown }).line;
    const where = given.TEMPORAL_CONFIG_FILE ?? 'temporal.toml';
    if (typeof line === 'number') throw new EnvError([`${where}: line ${line} is not valid TOML`]);
    throw new EnvError([`${where}: ${error instanceof Error ? error.message : String(error)}`]);
  }
};

/**
 * The API key, unless the server runs on this machine (it needs none) or a client certificate is set. With a
 * certificate, TEMPORAL_CLOUD_API_KEY belongs to Terraform's provider alone.
 */
const cloudKey = (given: Variables, address: string, pair: CheckedPair | null): string | undefined =>
  isLoopbackAddress(address) || pair ? undefined : given.TEMPORAL_CLOUD_API_KEY;

/** Reads the connection settings and the files they name. Throws `EnvError` with every problem. */
export const readTemporalSettings = (env: Env): TemporalSettings => {
  const given = definedVariables(env);
  const [standard, ours, encryption] = readAll(
    () => {
      const loaded = loadStandard(given);
      const { address, tls } = loaded.connectionOptions;
      const pair = typeof tls === 'object' ? tls?.clientCertPair : undefined;
      const own = pair ? checkStandardPair(pair as CertificatePair, given) : null;
      return { ...loaded, own, ...resolveTemporalAddress(given, address) };
    },
    () => readCertificatePair(given),
    () => readEncryptionKeys(given),
  );
  const { connectionOptions, namespace, address, from } = standard;
  const checked = standard.own ?? ours;
  const apiKey = connectionOptions.apiKey ?? cloudKey(given, address, ours) ?? null;
  const tls = connectionOptions.tls ?? (checked !== null || apiKey !== null);
  if (tls === false && apiKey !== null && !isLoopbackAddress(address))
    throw new EnvError([`the API key would be sent to ${address} without TLS: remove TEMPORAL_TLS=false`]);
  const secured = tls !== false && checked !== null;
  return {
    address,
    addressFrom: from,
    namespace: namespace ?? 'default',
    queues: {
      ...defaultQueues,
      provision: given.TEMPORAL_INFRA_PROVISION_TASK_QUEUE ?? defaultQueues.provision,
    },
    tls: secured ? { ...(tls === true ? {} : tls), clientCertPair: checked.pair } : tls,
    certificateExpires: secured ? checked.expires : null,
    apiKey,
    metadata: (connectionOptions.metadata ?? {}) as Record<string, string>,
    encryption,
  };
};

/** Lets `readEnv` report the problems of the connection settings together with all others. */
export const checkTemporalSettings: EnvironmentCheck = (env) => {
  try {
    readTemporalSettings(env);
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
};
