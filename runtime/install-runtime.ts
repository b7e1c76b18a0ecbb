import { type LogLevel, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Logger } from './logger.ts';

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** The fields of Temporal's log lines that Quarterdeck keeps, under its own names. */
const toFields = (meta: Readonly<Record<string | symbol, unknown>> = {}): Record<string, unknown> => {
  const { workflowId, workflowType, activityType, attempt, taskQueue, error } = meta;
  return Object.fromEntries(
    Object.entries({ workflowId, workflowType, stage: activityType, attempt, taskQueue, err: error }).filter(
      ([, value]) => value !== undefined,
    ),
  );
};

/** Temporal warns about parts that a process leaves to another one on purpose. */
const isExpected = (message: string): boolean =>
  /^No (workflows|activities|Nexus services) registered/.test(message);

/**
 * Installs Temporal's runtime. Call it once in a process, before any other part of the worker SDK. Temporal's lines
 * go to `logger`, and Quarterdeck handles signals itself. `quiet` selects lines to drop.
 */
export const installRuntime = (logger: Logger, quiet: (message: string) => boolean = () => false): void => {
  const log = (level: LogLevel, message: string, meta?: Record<string | symbol, unknown>): void => {
    if (!isExpected(message) && !quiet(message)) logger[levels[level]](toFields(meta), message);
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
