import type { ScheduleHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import {
  type DriftFinding,
  type DriftReport,
  type DriftResult,
  driftWorkflowType,
  getDriftScheduleId,
} from './contract/drift.ts';
import { failureTypes } from './contract/failure.ts';
import { samplePlan, sampleRule } from './testing/samples.ts';
import { createTestWorld, type TestWorld } from './testing/test-world.ts';
import { triggerSchedule } from './testing/trigger-schedule.ts';

let world: TestWorld;
const schedules: ScheduleHandle[] = [];

beforeAll(async () => {
  world = await createTestWorld({ address: inject('temporalAddress') });
});
afterEach(async () => {
  for (const schedule of schedules.splice(0)) await schedule.delete();
});
afterAll(() => world.close());

const { summary } = samplePlan('1');
const inSync: DriftFinding = { kind: 'in_sync' };
const drifted = (digest: string): DriftFinding => ({ kind: 'drifted', digest, summary });
const broken = ApplicationFailure.nonRetryable('the provider is unavailable', failureTypes.planFailed, {
  hint: 'Check the provider.',
  tail: [],
  log: null,
});

/** A stack with a schedule that the test triggers; each check finds what the test passes. */
const createSchedule = async (options: Parameters<TestWorld['service']>[0] = {}) => {
  const reports: DriftReport[] = [];
  let next: DriftFinding | ApplicationFailure = inSync;
  const stack = world.service({
    look_for_drift: async () => {
      if (next instanceof ApplicationFailure) throw next;
      return next;
    },
    report: (report) => void reports.push(report),
    ...options,
  });
  const { client, taskQueue } = world;
  const schedule = await client.schedule.create({
    scheduleId: getDriftScheduleId(stack),
    spec: { intervals: [{ every: '30 days' }] },
    action: {
      type: 'startWorkflow',
      workflowType: driftWorkflowType,
      workflowId: getDriftScheduleId(stack),
      args: [{ stack }],
      taskQueue,
    },
  });
  schedules.push(schedule);
  const check = async (finding: DriftFinding | ApplicationFailure): Promise<DriftResult> => {
    next = finding;
    return (await client.workflow.getHandle(await triggerSchedule(schedule)).result()) as DriftResult;
  };
  return { stack, check, reports, kinds: () => reports.map(({ news }) => news.kind) };
};

describe('the drift workflow', () => {
  test('reports drift once when it appears, when it changes and when it is resolved', async () => {
    const { stack, check, reports, kinds } = await createSchedule({
      stack: { notify: [{ to: 'slack:C1', events: 'failures' }] },
    });
    expect(await check(inSync)).toMatchObject({ outcome: 'in_sync' });
    expect(await check(drifted('a'))).toMatchObject({ outcome: 'drifted' });
    await check(drifted('a'));
    expect(kinds()).toEqual(['appeared']);
    await check(drifted('b'));
    await check(drifted('b'));
    await check(inSync);
    await check(inSync);
    expect(kinds()).toEqual(['appeared', 'changed', 'gone']);
    expect(reports[0]).toMatchObject({
      stack,
      audiences: [{ to: 'slack:C1', events: 'failures' }],
      news: { kind: 'appeared', summary: { counts: { add: 2 } } },
    });
    // The same drift appears again: a new change, reported under another key.
    await check(drifted('a'));
    expect(kinds().at(-1)).toBe('appeared');
    expect(new Set(reports.map(({ key }) => key)).size).toBe(4);
  });

  test('reports once that the check fails, and once that it succeeds again', async () => {
    const { check, reports, kinds } = await createSchedule();
    await check(drifted('a'));
    expect(await check(broken)).toMatchObject({ outcome: 'failed', detail: 'the provider is unavailable' });
    await check(broken);
    await check(drifted('a'));
    expect(kinds()).toEqual(['appeared', 'failed', 'works_again']);
    expect(reports[1]?.news).toEqual({
      kind: 'failed',
      message: 'the provider is unavailable',
      hint: 'Check the provider.',
    });
    await check(broken);
    await check(inSync);
    expect(kinds().slice(3)).toEqual(['failed', 'gone']);
  });

  test('skips the check while a run holds the stack, and remembers what it reported', async () => {
    const { stack, check, kinds } = await createSchedule({ stack: { approval: sampleRule } });
    await check(drifted('a'));
    const run = await world.provision(stack);
    await world.until(run, 'awaiting_approval');
    await vi.waitFor(
      async () =>
        expect(await check(drifted('b'))).toMatchObject({
          outcome: 'skipped',
          detail: `run ${run.workflowId} holds the stack's lock`,
        }),
      { timeout: 20_000 },
    );
    await run.terminate();
    await vi.waitFor(async () => expect((await check(drifted('a'))).outcome).toBe('drifted'), {
      timeout: 20_000,
    });
    expect(kinds()).toEqual(['appeared']);
  });

  test('sends a report that a chat did not accept again after the next check, under the same key', async () => {
    let isUnavailable = true;
    const keys: string[] = [];
    const { check } = await createSchedule({
      report: ({ key }) => {
        keys.push(key);
        if (isUnavailable) throw new Error('the chat is unavailable');
      },
    });
    expect(await check(drifted('a'))).toMatchObject({
      detail: expect.stringContaining('the report did not reach every conversation'),
    });
    isUnavailable = false;
    expect((await check(drifted('a'))).memory).toEqual({ digest: 'a', failing: false, untold: null });
    await check(drifted('a'));
    expect(new Set(keys).size).toBe(1);
    expect(keys.length).toBeGreaterThan(1);
  });

  test('fails with the reason for an invalid input, and for a stack that is not in the catalog', async () => {
    const { client, taskQueue } = world;
    const start = (args: [unknown], workflowId: string) =>
      client.workflow.execute(driftWorkflowType, { args, taskQueue, workflowId });
    await expect(start([{}], 'drift-nothing')).rejects.toMatchObject({
      cause: { message: 'invalid input for a drift check; expected {stack: "<name>"}' },
    });
    const stack = world.service({
      resolve: () => {
        throw ApplicationFailure.nonRetryable('the catalog has no stack', failureTypes.unknownStack);
      },
    });
    await expect(start([{ stack }], `drift-${stack}`)).rejects.toMatchObject({
      cause: { message: 'the catalog has no stack' },
    });
  });

  test('can be found by its search attributes, and replays', async () => {
    const { stack, check } = await createSchedule();
    await check(drifted('a'));
    await check(drifted('b'));
    const query = `WorkflowType = 'drift' AND quarterdeckService = '${stack}' AND provisionStatus = 'drifted'`;
    await vi.waitFor(async () => expect((await world.client.workflow.count(query)).count).toBe(2), {
      timeout: 20_000,
    });
    for await (const { workflowId } of world.client.workflow.list({ query })) await world.replay(workflowId);
  });
});
