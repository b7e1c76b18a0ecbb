import { z } from 'zod';
import type { EnvCheck } from '../runtime/env.ts';
import { duration, logLevel, port, text, url } from '../runtime/env-fields.ts';
import { checkTemporal, temporalShape } from '../runtime/temporal.ts';
import { refuseUnavailable } from '../runtime/unavailable.ts';

/** What the worker reads. Nothing is required: by default it finds a server on this machine. */
export const workerEnv = z.object({
  ...temporalShape,
  LOG_LEVEL: logLevel().default('info'),
  QUARTERDECK_CATALOG: text().default('quarterdeck.yaml'),
  ARTIFACTS_URL: text()
    .regex(/^(file:.|s3:\/\/[a-z0-9])/, 'must be file:<folder> or s3://<bucket>/<prefix>')
    .default('file:.quarterdeck/artifacts'),
  TERRAFORM_BIN: text().optional(),
  AWS_ENDPOINT_URL: url(['http', 'https']).optional(),
  HOST: text().default('127.0.0.1'),
  WORKER_HEALTH_PORT: port().optional(),
  WORKER_DATA_DIR: text().default('.quarterdeck/worker'),
  WORKER_SHUTDOWN_GRACE: duration().default(60_000),
});

/** What one field of it cannot see. */
export const workerChecks: readonly EnvCheck[] = [checkTemporal, refuseUnavailable('worker')];

export type WorkerEnv = z.output<typeof workerEnv>;
