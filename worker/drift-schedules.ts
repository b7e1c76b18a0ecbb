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
import { driftWorkflowType, getDriftScheduleId } from '../workflows/contract/drift.ts';

interface Options {
  /** The drift checks of the catalog; null while no valid catalog is loaded. */
  readonly checks: () => readonly DriftCheck[] | null;
  readonly sync: (checks: readonly DriftCheck[]) => Promise<void>;
  readonly logger: Logger;
  readonly abortSignal: AbortSignal;
  /** How often to read the catalog, in milliseconds. */
  readonly pollIntervalMs?: number;
}

/** Syncs again after this time, because an operator can delete a schedule. */
const resyncIntervalMs = 10 * 60_000;

/** Syncs the schedules with the catalog until `abortSignal` aborts. A failed sync is logged and retried. */
export const keepDriftSchedules = async (options: Options): Promise<void> => {
  const { checks, sync, logger, abortSignal, pollIntervalMs = 5000 } = options;
  let synced = '';
  let syncedAt = 0;
  let failing = false;

  const syncOnce = async (): Promise<void> => {
    const wanted = checks();
    const text = JSON.stringify(wanted);
    if (wanted === null || (text === synced && Date.now() - syncedAt < resyncIntervalMs)) return;
    try {
      await sync(wanted);
      [synced, syncedAt, failing] = [text, Date.now(), false];
    } catch (error) {
      const level = failing ? 'debug' : 'warn';
      logger[level]({ err: error }, 'drift schedules could not be synced; retrying');
      failing = true;
    }
  };

  while (!abortSignal.aborted) {
    await syncOnce();
    await pause(pollIntervalMs, undefined, { signal: abortSignal }).catch(() => undefined);
  }
};

interface Dependencies {
  readonly schedules: ScheduleClient;
  /** The task queue of stacks. The memo of each schedule names it, so Quarterdeck recognizes its own schedules. */
  readonly taskQueue: string;
  readonly logger: Logger;
}

const memoKey = 'quarterdeckDrift';
/** Skips checks that were missed while the server was down: the next check sees the same. */
const catchupWindow = '1 minute';

/** A stable offset for each stack, so the checks spread over the interval. */
const getOffsetMs = ({ stack, intervalMs }: DriftCheck): number =>
  createHash('sha256').update(stack).digest().readUInt32BE() % intervalMs;

const toScheduleOptions = (check: DriftCheck, taskQueue: string) =>
  ({
    spec: { intervals: [{ every: check.intervalMs, offset: getOffsetMs(check) }] },
    policies: { overlap: 'SKIP', catchupWindow },
    action: {
      type: 'startWorkflow',
      workflowType: driftWorkflowType,
      workflowId: getDriftScheduleId(check.stack),
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

/** Returns a function that syncs the drift schedules with the catalog. It throws when Temporal doesn't respond. */
export const createDriftScheduleSync = ({ schedules, taskQueue, logger }: Dependencies) => {
  const create = async (check: DriftCheck): Promise<void> => {
    const scheduleId = getDriftScheduleId(check.stack);
    try {
      await schedules.create({
        scheduleId,
        memo: { [memoKey]: taskQueue },
        ...toScheduleOptions(check, taskQueue),
      });
      logger.info({ scheduleId, intervalMs: check.intervalMs }, 'drift schedule created');
    } catch (error) {
      // Another worker created it first.
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    }
  };

  const keep = async (check: DriftCheck): Promise<void> => {
    const scheduleId = getDriftScheduleId(check.stack);
    const schedule = schedules.getHandle(scheduleId);
    const found = await describe(schedule);
    if (!found) return create(check);
    if (found.memo?.[memoKey] !== taskQueue) {
      logger.warn(
        { scheduleId },
        'another program owns a schedule of this name; the stack has no drift checks',
      );
      return;
    }
    const wanted = toScheduleOptions(check, taskQueue);
    const [interval] = found.spec.intervals ?? [];
    if (interval?.every === check.intervalMs && interval.offset === getOffsetMs(check)) return;
    // The update keeps `state`, so a paused schedule stays paused.
    await schedule.update(({ state }) => ({ ...wanted, state }));
    logger.info({ scheduleId, intervalMs: check.intervalMs }, 'drift schedule interval changed');
  };

  const removeOthers = async (wanted: ReadonlySet<string>): Promise<void> => {
    for await (const { scheduleId, memo } of schedules.list()) {
      if (memo?.[memoKey] !== taskQueue || wanted.has(scheduleId)) continue;
      await schedules.getHandle(scheduleId).delete();
      logger.info({ scheduleId }, 'drift schedule deleted');
    }
  };

  return async (checks: readonly DriftCheck[]): Promise<void> => {
    for (const check of checks) await keep(check);
    await removeOthers(new Set(checks.map(({ stack }) => getDriftScheduleId(stack))));
  };
};
