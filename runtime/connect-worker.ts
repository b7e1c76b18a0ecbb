import { setTimeout as pause } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import { explainConnectionFailure } from './connection-failure.ts';
import type { Logger } from './logger.ts';
import { expiryWarning } from './temporal-certificate.ts';
import type { TemporalSettings } from './temporal-settings.ts';

const firstPauseMs = 250;
const maxPauseMs = 5000;
const reportIntervalMs = 15_000;

/** The short reason inside the native client's nested error text. */
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
    // A worker in a missing namespace would exit immediately.
    await connection.workflowService.describeNamespace({ namespace });
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
};

/**
 * Connects a worker. While the server doesn't respond, it retries and logs a warning every 15 s. Rejects with an
 * `AbortError` when `abortSignal` aborts.
 */
export const connectWorker = async (
  settings: TemporalSettings,
  { logger, abortSignal }: { logger: Logger; abortSignal: AbortSignal },
): Promise<NativeConnection> => {
  const { address, addressFrom, namespace } = settings;
  const startedAt = Date.now();
  let reportAt = 0;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.6, maxPauseMs)) {
    if (abortSignal.aborted) throw new DOMException('stopped while waiting', 'AbortError');
    try {
      const connection = await openConnection(settings);
      logger.info({ address, namespace }, 'connected to Temporal');
      const warning = expiryWarning(settings.certificateExpires);
      if (warning !== null) logger.warn(warning);
      return connection;
    } catch (error) {
      if (Date.now() >= reportAt) {
        reportAt = Date.now() + reportIntervalMs;
        const waitedSeconds = Math.round((Date.now() - startedAt) / 1000);
        const cause = explainConnectionFailure(error, settings);
        const facts = { address, addressFrom, namespace, reason: reason(error), waitedSeconds };
        const message = `waiting for Temporal at ${address}, namespace ${namespace}`;
        logger.warn(facts, cause === null ? message : `${message}: ${cause}`);
      }
    }
    await pause(pauseMs, undefined, { signal: abortSignal });
  }
};
