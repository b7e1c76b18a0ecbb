import { type Client, ScheduleNotFoundError } from '@temporalio/client';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import type { DriftCheck } from '../activities/catalog/catalog.ts';
import { createDriftScheduleSync, keepDriftSchedules } from './drift-schedules.ts';
import { connectOwnNamespace } from './testing/worker-process.ts';

const logger = pino({ level: 'silent' });
const hour = 3_600_000;
const check = (stack: string, hours = 6): DriftCheck => ({ stack, intervalMs: hours * hour });

let client: Client;
beforeAll(async () => {
  client = await connectOwnNamespace(inject('temporalAddress'));
});
afterAll(() => client.connection.close());

const syncOn = (taskQueue: string) =>
  createDriftScheduleSync({ schedules: client.schedule, taskQueue, logger });
const describeOf = (stack: string) => client.schedule.getHandle(`drift-${stack}`).describe();
const isGone = (stack: string) => expect(describeOf(stack)).rejects.toBeInstanceOf(ScheduleNotFoundError);
/** What was made is listed a moment later. */
const listed = (...ids: string[]) =>
  vi.waitFor(
    async () => {
      const all: string[] = [];
      for await (const { scheduleId } of client.schedule.list()) all.push(scheduleId);
      expect(all).toEqual(expect.arrayContaining(ids));
    },
    { timeout: 20_000 },
  );

describe('drift schedules', () => {
  test('are created from the catalog, and start the workflow on the task queue of stacks', async () => {
    await syncOn('made')([check('network')]);
    const { spec, action, policies } = await describeOf('network');
    expect(spec.intervals).toEqual([{ every: 6 * hour, offset: expect.any(Number) }]);
    expect(action).toMatchObject({
      workflowType: 'drift',
      workflowId: 'drift-network',
      args: [{ stack: 'network' }],
      taskQueue: 'made',
    });
    expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 60_000 });
  });

  test('follow the catalog when an interval changes or is removed', async () => {
    const sync = syncOn('followed');
    await sync([check('web'), check('mail')]);
    await sync([check('web', 12), check('mail')]);
    expect((await describeOf('web')).spec.intervals?.[0]?.every).toBe(12 * hour);
    await listed('drift-mail');
    await sync([check('web', 12)]);
    await isGone('mail');
    expect((await describeOf('web')).spec.intervals?.[0]?.every).toBe(12 * hour);
  });

  test('stay paused when an operator paused them', async () => {
    const sync = syncOn('paused');
    await sync([check('quiet')]);
    await client.schedule.getHandle('drift-quiet').pause('it is being rebuilt');
    await sync([check('quiet')]);
    await sync([check('quiet', 1)]);
    const { state, spec } = await describeOf('quiet');
    expect(state).toMatchObject({ paused: true, note: 'it is being rebuilt' });
    expect(spec.intervals?.[0]?.every).toBe(hour);
  });

  test('of other programs are never changed, even with the same name', async () => {
    await client.schedule.create({
      scheduleId: 'drift-theirs',
      spec: { intervals: [{ every: '1 day' }] },
      action: { type: 'startWorkflow', workflowType: 'theirs', args: [], taskQueue: 'theirs' },
    });
    await syncOn('other')([check('ours')]);
    await listed('drift-theirs', 'drift-ours');
    await syncOn('mine')([check('theirs')]);
    await syncOn('mine')([]);
    expect((await describeOf('theirs')).action.workflowType).toBe('theirs');
    expect((await describeOf('ours')).action.taskQueue).toBe('other');
  });

  test('are created once by two workers at the same time', async () => {
    await Promise.all([syncOn('twice')([check('twin')]), syncOn('twice')([check('twin')])]);
    expect((await describeOf('twin')).action.taskQueue).toBe('twice');
  });
});

describe('syncing drift schedules', () => {
  const keep = (
    checks: () => readonly DriftCheck[] | null,
    sync: (wanted: readonly DriftCheck[]) => Promise<void>,
  ) => {
    const stopping = new AbortController();
    const kept = keepDriftSchedules({
      checks,
      sync,
      logger,
      abortSignal: stopping.signal,
      pollIntervalMs: 5,
    });
    return async () => {
      stopping.abort();
      await kept;
    };
  };

  test('calls Temporal only when the catalog changed, and again after a failure', async () => {
    const asked: string[] = [];
    let wanted: readonly DriftCheck[] | null = null;
    let away = true;
    const stop = keep(
      () => wanted,
      async (checks) => {
        asked.push(checks.map(({ stack }) => stack).join());
        if (away) throw new Error('Temporal is away');
      },
    );
    wanted = [check('a')];
    await vi.waitFor(() => expect(asked.length).toBeGreaterThan(2));
    away = false;
    await vi.waitFor(() => expect(asked.at(-1)).toBe('a'));
    wanted = [check('a'), check('b')];
    await vi.waitFor(() => expect(asked.at(-1)).toBe('a,b'));
    const { length } = asked;
    wanted = [check('c')];
    await vi.waitFor(() => expect(asked.at(-1)).toBe('c'));
    expect(asked.length).toBe(length + 1);
    // A catalog that cannot be read takes nothing away.
    wanted = null;
    await stop();
    expect(asked.length).toBe(length + 1);
  });
});
