import { type Logger as PinoLogger, pino } from 'pino';

export type Logger = PinoLogger;

/** JSON lines on stdout. Log facts as fields (`workflowId`, `stage`), never a secret or a whole payload. */
export const createLogger = (name: string, level = 'info'): Logger =>
  pino({ name, level, base: { process: name }, timestamp: pino.stdTimeFunctions.isoTime });
