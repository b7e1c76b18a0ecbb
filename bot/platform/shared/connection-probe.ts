import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import type { Logger } from '../../../runtime/logger.ts';

/** How often the connection is checked, in milliseconds. */
export interface ProbeIntervals {
  /** Wait before the first retry of a failed check; each further wait is twice as long. */
  readonly firstRetryMs?: number;
  readonly maxRetryMs?: number;
  /** Wait between two checks while the connection works. */
  readonly recheckMs?: number;
}

/** The chat cannot be used. `rejectedCredentials` says that only new settings can change that. */
export class ProbeError extends Error {
  override readonly name = 'ProbeError';
  readonly rejectedCredentials: boolean;

  constructor(message: string, rejectedCredentials = false) {
    super(message);
    this.rejectedCredentials = rejectedCredentials;
  }
}

/** Checks a chat's API at start and then in the background; `Platform.unreadyReason` comes from here. */
export interface ConnectionProbe {
  /** Checks once and continues in the background; rejects only when the credentials are rejected. */
  start(): Promise<void>;
  stop(): void;
  /** null while connected. */
  unreadyReason(): string | null;
}

/** `check` throws `ProbeError` while the chat cannot be used. `chat` is its name in messages. */
export const createConnectionProbe = (
  chat: string,
  check: () => Promise<void>,
  logger: Logger,
  { firstRetryMs = 1000, maxRetryMs = 30_000, recheckMs = 60_000 }: ProbeIntervals = {},
): ConnectionProbe => {
  const stopping = new AbortController();
  let problem: string | null = `${chat} has not answered yet`;

  const note = (next: string | null): void => {
    if (next === problem) return;
    if (next === null) logger.info(`connected to ${chat}`);
    else logger.warn({ reason: next }, `not connected to ${chat}`);
    problem = next;
  };

  const attempt = async (): Promise<void> => {
    try {
      await check();
      note(null);
    } catch (error) {
      note(error instanceof Error ? error.message : String(error));
      throw error;
    }
  };

  const watch = async ({ signal }: AbortController): Promise<void> => {
    const retry = { retries: Number.POSITIVE_INFINITY, factor: 2, minTimeout: firstRetryMs, unref: true };
    while (!signal.aborted) {
      await sleep(problem === null ? recheckMs : firstRetryMs, undefined, { signal, ref: false });
      await pRetry(attempt, { ...retry, maxTimeout: maxRetryMs, signal });
    }
  };

  return {
    async start() {
      try {
        await attempt();
      } catch (error) {
        if (error instanceof ProbeError && error.rejectedCredentials)
          throw new Error(`connecting to ${chat}: ${error.message}`, { cause: error });
      }
      void watch(stopping).catch((error: unknown) => {
        if (!stopping.signal.aborted) logger.error({ err: error }, `the ${chat} connection check stopped`);
      });
    },
    stop: () => stopping.abort(),
    unreadyReason: () => problem,
  };
};
