import { setTimeout as pause } from 'node:timers/promises';
import type { ConnectionLike } from '@temporalio/client';
import type { Logger } from '../runtime/logger.ts';
import { registerSearchAttributes } from '../runtime/search-attributes.ts';

const lookAgainMs = 15_000;

/**
 * Does not return before the server knows our search attributes. A workflow that sets one which is not
 * there gets stuck, so a worker that takes work too early would do harm.
 */
export const awaitSearchAttributes = async (
  connection: ConnectionLike,
  namespace: string,
  { logger, abortSignal }: { logger: Logger; abortSignal: AbortSignal },
): Promise<void> => {
  for (;;) {
    try {
      const missing = await registerSearchAttributes(connection, namespace, logger);
      if (missing.length === 0) return;
    } catch (error) {
      logger.warn({ err: error }, 'asking the server for its search attributes');
    }
    await pause(lookAgainMs, undefined, { signal: abortSignal });
  }
};
