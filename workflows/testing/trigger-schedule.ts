import type { ScheduleHandle } from '@temporalio/client';
import { expect, vi } from 'vitest';

const wait = { timeout: 60_000, interval: 50 };

/** Triggers a schedule, waits until its workflow has ended, and returns the workflow's ID. */
export const triggerSchedule = async (schedule: ScheduleHandle): Promise<string> => {
  const { numActionsTaken, recentActions } = (await schedule.describe()).info;
  const previous = recentActions.at(-1)?.takenAt.getTime() ?? 0;
  // Workflow IDs of a schedule end with the second, so two workflows must not start in the same one.
  await vi.waitFor(() => expect(toSeconds(Date.now())).toBeGreaterThan(toSeconds(previous)), wait);
  await schedule.trigger('SKIP');
  return vi.waitFor(async () => {
    const { info } = await schedule.describe();
    expect(info.numActionsTaken).toBe(numActionsTaken + 1);
    expect(info.runningActions).toEqual([]);
    return info.recentActions.at(-1)?.action.workflow.workflowId ?? '';
  }, wait);
};

const toSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);
