import { z } from 'zod';
import type { PolicyEngineSettings } from '../activities/policy/port.ts';
import type { EnvironmentCheck } from '../runtime/env.ts';
import { duration, logLevel, port, text, url } from '../runtime/env-fields.ts';
import { checkTemporalSettings, temporalEnvShape } from '../runtime/temporal-settings.ts';
import { refuseUnsupportedSettings } from '../runtime/unsupported-settings.ts';

/** The worker's variables. All are optional: by default the worker connects to a server on this machine. */
export const workerEnv = z.object({
  ...temporalEnvShape,
  LOG_LEVEL: logLevel().default('info'),
  QUARTERDECK_CATALOG: text().default('quarterdeck.yaml'),
  ARTIFACTS_URL: text()
    .regex(/^(file:.|s3:\/\/[a-z0-9])/, 'must be file:<folder> or s3://<bucket>/<prefix>')
    .default('file:.quarterdeck/artifacts'),
  TERRAFORM_BIN: text().optional(),
  AWS_ENDPOINT_URL: url(['http', 'https']).optional(),
  OPA_URL: url(['http', 'https']).optional(),
  OPA_BIN: text().optional(),
  POLICY_DIR: text().default('terraform/policies'),
  HOST: text().default('127.0.0.1'),
  WORKER_HEALTH_PORT: port().optional(),
  WORKER_DATA_DIR: text().default('.quarterdeck/worker'),
  WORKER_SHUTDOWN_GRACE: duration().default(60_000),
});

const oneEngine: EnvironmentCheck = ({ OPA_URL, OPA_BIN }) =>
  OPA_URL && OPA_BIN ? ['OPA_URL and OPA_BIN: set one of them, or neither for the shipped rules'] : [];

/** Rules across fields. */
export const workerChecks: readonly EnvironmentCheck[] = [
  checkTemporalSettings,
  oneEngine,
  refuseUnsupportedSettings('worker'),
];

export type WorkerEnv = z.output<typeof workerEnv>;

/** The policy engine that the settings select. */
export const policyEngineConfig = ({ OPA_URL, OPA_BIN, POLICY_DIR }: WorkerEnv): PolicyEngineSettings => {
  if (OPA_URL) return { kind: 'server', url: OPA_URL };
  return OPA_BIN ? { kind: 'binary', program: OPA_BIN, directory: POLICY_DIR } : { kind: 'shipped' };
};
