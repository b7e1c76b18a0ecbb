import type { Logger } from './logger.ts';

/** A terminal and `npm` both pass on the same Ctrl-C: what comes at once is one wish, not two. */
const oneWishMs = 1000;

/** Where signals come from, and how to leave at once. */
export interface SignalSource {
  on(event: 'SIGTERM' | 'SIGINT', listener: (name: string) => void): unknown;
  exit(code: number): void;
}

/**
 * Aborts the returned signal at the first SIGTERM or SIGINT. A second one, sent later, does not wait for
 * what is still going on: the process leaves at once with code 1.
 */
export const listenForShutdown = (logger: Logger, target: SignalSource = process): AbortSignal => {
  const controller = new AbortController();
  let askedAt = 0;
  const stop = (name: string): void => {
    if (!controller.signal.aborted) {
      askedAt = Date.now();
      logger.info({ signal: name }, 'stopping; the same signal again stops at once');
      controller.abort(new Error(`stopped by ${name}`));
    } else if (Date.now() - askedAt > oneWishMs) {
      logger.warn({ signal: name }, 'stopping at once');
      target.exit(1);
    }
  };
  target.on('SIGTERM', stop);
  target.on('SIGINT', stop);
  return controller.signal;
};
