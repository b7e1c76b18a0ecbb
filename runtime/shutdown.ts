import type { Logger } from './logger.ts';

/** The terminal and `npm` both forward one Ctrl-C, so signals within this time count as one. */
const sameSignalMs = 1000;

/** The part of `process` that this module uses. */
export interface SignalSource {
  on(event: 'SIGTERM' | 'SIGINT', listener: (name: string) => void): unknown;
  exit(code: number): void;
}

/**
 * Returns an abort signal that aborts at the first SIGTERM or SIGINT. A second one, at least 1 s later, exits the
 * process immediately with code 1.
 */
export const listenForShutdown = (logger: Logger, target: SignalSource = process): AbortSignal => {
  const controller = new AbortController();
  let firstAt = 0;
  const stop = (name: string): void => {
    if (!controller.signal.aborted) {
      firstAt = Date.now();
      logger.info({ signal: name }, 'stopping; send the signal again to force');
      controller.abort(new Error(`stopped by ${name}`));
    } else if (Date.now() - firstAt > sameSignalMs) {
      logger.warn({ signal: name }, 'forced stop');
      target.exit(1);
    }
  };
  target.on('SIGTERM', stop);
  target.on('SIGINT', stop);
  return controller.signal;
};
