import { setTimeout as pause } from 'node:timers/promises';
import type { DriftCheck } from '../activities/catalog/drift-checks.ts';
import type { Logger } from '../runtime/logger.ts';

interface Options {
  /** What the catalog asks for now; null while it asks for nothing that could be read. */
  readonly checks: () => readonly DriftCheck[] | null;
  readonly sync: (checks: readonly DriftCheck[]) => Promise<void>;
  readonly logger: Logger;
  readonly abortSignal: AbortSignal;
  /** How often the catalog is asked; shorter in tests. */
  readonly lookMs?: number;
}

/** Somebody may have taken a schedule away. */
const anewMs = 10 * 60_000;

/** Keeps the schedules as the catalog has them, until the signal. What fails is tried again, and stops nothing. */
export const keepDriftSchedules = async (options: Options): Promise<void> => {
  const { checks, sync, logger, abortSignal, lookMs = 5000 } = options;
  let kept = '';
  let keptAt = 0;
  let failing = false;

  const keep = async (): Promise<void> => {
    const wanted = checks();
    const text = JSON.stringify(wanted);
    if (wanted === null || (text === kept && Date.now() - keptAt < anewMs)) return;
    try {
      await sync(wanted);
      [kept, keptAt, failing] = [text, Date.now(), false];
    } catch (error) {
      const level = failing ? 'debug' : 'warn';
      logger[level]({ err: error }, 'the schedules for drift could not be kept; it is tried again');
      failing = true;
    }
  };

  while (!abortSignal.aborted) {
    await keep();
    await pause(lookMs, undefined, { signal: abortSignal }).catch(() => undefined);
  }
};
