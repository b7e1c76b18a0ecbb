import '../runtime/assert-node.ts';
import { config } from 'dotenv';
import { CatalogError } from '../activities/catalog/raw-catalog.ts';
import { readEnv } from '../runtime/env.ts';
import { EnvError } from '../runtime/env-error.ts';
import { createLogger } from '../runtime/logger.ts';
import { listenForShutdown } from '../runtime/shutdown.ts';
import { workerChecks, workerEnv } from './env.ts';
import { runWorker } from './run-worker.ts';

config({ quiet: true });
const logger = createLogger('worker');
const abortSignal = listenForShutdown(logger);
try {
  const settings = readEnv(workerEnv, process.env, workerChecks);
  logger.level = settings.LOG_LEVEL;
  await runWorker({ settings, env: process.env, logger, abortSignal });
} catch (error) {
  const stoppedEarly = abortSignal.aborted && error instanceof Error && error.name === 'AbortError';
  // These messages are complete sentences for the person who starts the worker.
  if (error instanceof EnvError || error instanceof CatalogError) console.error(error.message);
  else if (!stoppedEarly) logger.fatal({ err: error }, 'worker failed');
  process.exit(stoppedEarly ? 0 : 1);
}
