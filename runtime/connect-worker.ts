import { setTimeout as pause } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import { explainConnectionFailure } from './connection-failure.ts';
import type { Logger } from './logger.ts';
import { expiryWarning } from './temporal-certificate.ts';
import type { TemporalSettings } from './temporal-settings.ts';

const firstPauseMs = 250;
const longestPauseMs = 5000;
/** Often enough to be seen, rarely enough not to fill the log. */
const reportEveryMs = 15_000;

/** The short reason inside the native client's nested words. */
const reason = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  return /message: "([^"]+)"/.exec(message)?.[1] ?? message;
};

const openConnection = async (settings: TemporalSettings): Promise<NativeConnection> => {
  const { address, tls, apiKey, metadata, namespace } = settings;
  const connection = await NativeConnection.connect({
    address,
    tls,
    ...(apiKey === null ? {} : { apiKey }),
    metadata: { ...metadata },
  });
  try {
    // A worker of a namespace that is not there yet would end at once.
    await connection.workflowService.describeNamespace({ namespace });
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
};

/**
 * A worker's connection. Waits for as long as the server is away, saying so in the log, until
 * `abortSignal` ends the wait; then it rejects with the signal's reason.
 */
export const connectWorker = async (
  settings: TemporalSettings,
  { logger, abortSignal }: { logger: Logger; abortSignal: AbortSignal },
): Promise<NativeConnection> => {
  const { address, addressFrom, namespace } = settings;
  const began = Date.now();
  let reportAt = 0;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.6, longestPauseMs)) {
    if (abortSignal.aborted) throw new DOMException('stopped while waiting', 'AbortError');
    try {
      const connection = await openConnection(settings);
      logger.info({ address, namespace }, 'connected to Temporal');
      const warning = expiryWarning(settings.certificateExpires);
      if (warning !== null) logger.warn(warning);
      return connection;
    } catch (error) {
      if (Date.now() >= reportAt) {
        reportAt = Date.now() + reportEveryMs;
        const waitedSeconds = Math.round((Date.now() - began) / 1000);
        const cause = explainConnectionFailure(error, settings);
        const facts = { address, addressFrom, namespace, reason: reason(error), waitedSeconds };
        const what = `waiting for Temporal at ${address}, namespace ${namespace}`;
        logger.warn(facts, cause === null ? what : `${what}: ${cause}`);
      }
    }
    await pause(pauseMs, undefined, { signal: abortSignal });
  }
};
