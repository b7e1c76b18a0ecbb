import { type LogLevel, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Logger } from './logger.ts';

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** The fields of Temporal's own lines that are worth a place in ours, under our names. */
const factsOf = (meta: Readonly<Record<string | symbol, unknown>> = {}): Record<string, unknown> => {
  const { workflowId, workflowType, activityType, attempt, taskQueue, error } = meta;
  return Object.fromEntries(
    Object.entries({ workflowId, workflowType, stage: activityType, attempt, taskQueue, err: error }).filter(
      ([, value]) => value !== undefined,
    ),
  );
};

/** What a process leaves to another on purpose is no news. */
const isOnPurpose = (message: string): boolean =>
  /^No (workflows|activities|Nexus services) registered/.test(message);

/**
 * Once in a process, before anything else of Temporal's worker: its lines go into our log, and signals
 * stay ours. `quiet` names lines that we write better ourselves.
 */
export const installRuntime = (logger: Logger, quiet: (message: string) => boolean = () => false): void => {
  const log = (level: LogLevel, message: string, meta?: Record<string | symbol, unknown>): void => {
    if (!isOnPurpose(message) && !quiet(message)) logger[levels[level]](factsOf(meta), message);
  };
  Runtime.install({
    shutdownSignals: [],
    logger: {
      log,
      trace: (message, meta) => log('TRACE', message, meta),
      debug: (message, meta) => log('DEBUG', message, meta),
      info: (message, meta) => log('INFO', message, meta),
      warn: (message, meta) => log('WARN', message, meta),
      error: (message, meta) => log('ERROR', message, meta),
    },
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
    },
  });
};
