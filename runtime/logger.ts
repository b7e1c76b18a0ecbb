import { type Logger as PinoLogger, pino } from 'pino';

export type Logger = PinoLogger;

/**
 * Logs JSON lines to stdout. Log facts as fields (`workflowId`, `stage`), errors as `err`, and never a secret or a
 * whole payload.
 */
export const createLogger = (name: string, level = 'info'): Logger =>
  pino({ name, level, base: { process: name }, timestamp: pino.stdTimeFunctions.isoTime });
