import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ScheduleAlreadyRunning,
  type ScheduleClient,
  type ScheduleHandle,
  ScheduleNotFoundError,
  type ScheduleOptions,
} from '@temporalio/client';
import type { DriftCheck } from '../activities/catalog/catalog.ts';
import type { Logger } from '../runtime/logger.ts';
import { driftScheduleId, driftWorkflowType } from '../workflows/contract/drift.ts';

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

interface Dependencies {
  readonly schedules: ScheduleClient;
  /** Where stacks are worked on. It also marks the schedules that are ours among those of others. */
  readonly taskQueue: string;
  readonly logger: Logger;
}

const mark = 'quarterdeckDrift';
/** What was missed while the server was away is not made up for: the next look sees the same. */
const catchupWindow = '1 minute';

/** Spreads the stacks over the time between two looks, always in the same way. */
const offsetOf = ({ stack, everyMs }: DriftCheck): number =>
  createHash('sha256').update(stack).digest().readUInt32BE() % everyMs;

const optionsOf = (check: DriftCheck, taskQueue: string) =>
  ({
    spec: { intervals: [{ every: check.everyMs, offset: offsetOf(check) }] },
    policies: { overlap: 'SKIP', catchupWindow },
    action: {
      type: 'startWorkflow',
      workflowType: driftWorkflowType,
      workflowId: driftScheduleId(check.stack),
      args: [{ stack: check.stack }],
      taskQueue,
    },
  }) satisfies Omit<ScheduleOptions, 'scheduleId'>;

const describe = async (schedule: ScheduleHandle) => {
  try {
    return await schedule.describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
};

/** Makes the schedules of a worker's catalog what they should be. Throws when Temporal does not answer. */
export const createDriftScheduleSync = ({ schedules, taskQueue, logger }: Dependencies) => {
  const create = async (check: DriftCheck): Promise<void> => {
    const scheduleId = driftScheduleId(check.stack);
    try {
      await schedules.create({ scheduleId, memo: { [mark]: taskQueue }, ...optionsOf(check, taskQueue) });
      logger.info({ scheduleId, everyMs: check.everyMs }, 'looking for drift');
    } catch (error) {
      // Another worker was faster.
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    }
  };

  const keep = async (check: DriftCheck): Promise<void> => {
    const scheduleId = driftScheduleId(check.stack);
    const schedule = schedules.getHandle(scheduleId);
    const found = await describe(schedule);
    if (!found) return create(check);
    if (found.memo?.[mark] !== taskQueue) {
      logger.warn({ scheduleId }, 'a schedule of this name is not ours; the stack is not looked at');
      return;
    }
    const wanted = optionsOf(check, taskQueue);
    const [interval] = found.spec.intervals ?? [];
    if (interval?.every === check.everyMs && interval.offset === offsetOf(check)) return;
    // Whether somebody has paused it stays as it is.
    await schedule.update(({ state }) => ({ ...wanted, state }));
    logger.info({ scheduleId, everyMs: check.everyMs }, 'looking for drift at another pace');
  };

  const removeOthers = async (wanted: ReadonlySet<string>): Promise<void> => {
    for await (const { scheduleId, memo } of schedules.list()) {
      if (memo?.[mark] !== taskQueue || wanted.has(scheduleId)) continue;
      await schedules.getHandle(scheduleId).delete();
      logger.info({ scheduleId }, 'no longer looking for drift');
    }
  };

  return async (checks: readonly DriftCheck[]): Promise<void> => {
    for (const check of checks) await keep(check);
    await removeOthers(new Set(checks.map(({ stack }) => driftScheduleId(stack))));
  };
};
