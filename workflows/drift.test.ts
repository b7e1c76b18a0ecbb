import { setTimeout as pause } from 'node:timers/promises';
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
const broken = ApplicationFailure.nonRetryable('the provider is away', failureTypes.planFailed, {
  hint: 'Look at the provider.',
  tail: [],
  log: null,
});

/** A stack that is compared when the test says so, and that finds what the test says. */
const watch = async (options: Parameters<TestWorld['service']>[0] = {}) => {
  const told: DriftReport[] = [];
  let next: DriftFinding | ApplicationFailure = inSync;
  const stack = world.service({
    look_for_drift: async () => {
      if (next instanceof ApplicationFailure) throw next;
      return next;
    },
    report: (report) => void told.push(report),
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
  let checks = 0;
  const check = async (finding: DriftFinding | ApplicationFailure): Promise<DriftResult> => {
    next = finding;
    checks += 1;
    // The second is part of the workflow's id.
    await pause(1000 - (Date.now() % 1000));
    await schedule.trigger('SKIP');
    // The next one may not begin before the schedule knows that this one has ended.
    for (;;) {
      const { info } = await schedule.describe();
      const [action] = info.recentActions.slice(checks - 1);
      if (action && info.runningActions.length === 0) {
        const { workflowId } = action.action.workflow;
        return (await client.workflow.getHandle(workflowId).result()) as DriftResult;
      }
      await pause(50);
    }
  };
  return { stack, check, told, kinds: () => told.map(({ news }) => news.kind) };
};

describe('drift', () => {
  test('is told when it appears, when it becomes another and when it is gone, each once', async () => {
    const { stack, check, told, kinds } = await watch({
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
    expect(told[0]).toMatchObject({
      stack,
      audiences: [{ to: 'slack:C1', events: 'failures' }],
      news: { kind: 'appeared', summary: { counts: { add: 2 } } },
    });
    // It comes back: that is news again, under another key.
    await check(drifted('a'));
    expect(kinds().at(-1)).toBe('appeared');
    expect(new Set(told.map(({ key }) => key)).size).toBe(4);
  });

  test('that cannot be looked for is told once, and so is that it works again', async () => {
    const { check, told, kinds } = await watch();
    await check(drifted('a'));
    expect(await check(broken)).toMatchObject({ outcome: 'failed', detail: 'the provider is away' });
    await check(broken);
    await check(drifted('a'));
    expect(kinds()).toEqual(['appeared', 'failed', 'works_again']);
    expect(told[1]?.news).toEqual({
      kind: 'failed',
      message: 'the provider is away',
      hint: 'Look at the provider.',
    });
    await check(broken);
    await check(inSync);
    expect(kinds().slice(3)).toEqual(['failed', 'gone']);
  });

  test('is not looked for while a run holds the stack, and what was told stays known', async () => {
    const { stack, check, kinds } = await watch({ stack: { approval: sampleRule } });
    await check(drifted('a'));
    const run = await world.provision(stack);
    await world.until(run, 'awaiting_approval');
    await vi.waitFor(
      async () =>
        expect(await check(drifted('b'))).toMatchObject({
          outcome: 'skipped',
          detail: `${run.workflowId} is at work on the stack`,
        }),
      { timeout: 20_000 },
    );
    await run.terminate();
    await vi.waitFor(async () => expect((await check(drifted('a'))).outcome).toBe('drifted'), {
      timeout: 20_000,
    });
    expect(kinds()).toEqual(['appeared']);
  });

  test('that could not be told is told by the next look, under the same key', async () => {
    let away = true;
    const keys: string[] = [];
    const { check } = await watch({
      report: ({ key }) => {
        keys.push(key);
        if (away) throw new Error('the chat is away');
      },
    });
    expect(await check(drifted('a'))).toMatchObject({
      detail: expect.stringContaining('nobody could be told yet'),
    });
    away = false;
    expect((await check(drifted('a'))).memory).toEqual({ digest: 'a', failing: false, untold: null });
    await check(drifted('a'));
    expect(new Set(keys).size).toBe(1);
    expect(keys.length).toBeGreaterThan(1);
  });

  test('of a stack that the catalog does not know any more ends in words', async () => {
    const { client, taskQueue } = world;
    const start = (args: [unknown], workflowId: string) =>
      client.workflow.execute(driftWorkflowType, { args, taskQueue, workflowId });
    await expect(start([{}], 'drift-nothing')).rejects.toMatchObject({
      cause: { message: 'looking for drift: the input must be {stack}' },
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

  test('can be searched for, and replays', async () => {
    const { stack, check } = await watch();
    await check(drifted('a'));
    await check(drifted('b'));
    const query = `WorkflowType = 'drift' AND quarterdeckService = '${stack}' AND provisionStatus = 'drifted'`;
    await vi.waitFor(async () => expect((await world.client.workflow.count(query)).count).toBe(2), {
      timeout: 20_000,
    });
    for await (const { workflowId } of world.client.workflow.list({ query })) await world.replay(workflowId);
  });
});
