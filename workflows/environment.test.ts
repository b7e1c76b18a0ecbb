import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import {
  type EnvironmentView,
  environmentQuery,
  environmentWorkflowId,
  lockGrantedSignal,
  lockReleasedSignal,
  lockRequestedSignal,
} from './contract/environment.ts';
import { failureTypes } from './contract/failure.ts';
import { approveApplyUpdate, denyApplyUpdate } from './contract/run-messages.ts';
import type { ServiceTarget } from './contract/target.ts';
import { createHold } from './testing/fake-activities.ts';
import { ada, grace, linus } from './testing/samples.ts';
import { createTestWorld, type Handle, type TestWorld } from './testing/test-world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await createTestWorld({ address: inject('temporalAddress') });
});
afterAll(() => world.close());

const queueOf = (service: string) => world.client.workflow.getHandle(world.environmentId(service));
const viewOf = (service: string) => queueOf(service).query(environmentQuery);
const approve = (run: Handle) => run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
const ids = (runs: readonly Handle[]) => runs.map(({ workflowId }) => workflowId);
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 90_000, interval: 50 });

/** Runs that stand in a queue in this order; the first one holds the environment and asks. */
const lineUp = async (service: string, count: number): Promise<Handle[]> => {
  const runs: Handle[] = [];
  for (let position = 0; position < count; position += 1) {
    const run = await world.deploy(service);
    await world.until(run, ({ status, queue }) =>
      position === 0 ? status === 'awaiting_approval' : queue?.position === position,
    );
    runs.push(run);
  }
  return runs;
};

describe.concurrent('environment', { timeout: 180_000 }, () => {
  test('lets one run in at a time, in the order in which they came, and tells the others their place', async () => {
    const order: string[] = [];
    const service = world.service({
      refresh_repo: async ({ workflowId }) => {
        order.push(workflowId);
        return { detail: 'ok', tail: [], log: null };
      },
    });
    const runs = await lineUp(service, 4);
    const [holder, ...waiting] = ids(runs);
    const view = await viewOf(service);
    expect(view.holder).toMatchObject({ workflowId: holder, requestedBy: linus });
    expect(view.waiting.map(({ workflowId }) => workflowId)).toEqual(waiting);
    expect(await world.view(runs[3] as Handle)).toMatchObject({
      status: 'queued',
      commit: null,
      queue: { position: 3, holder: { workflowId: holder } },
      events: [{ kind: 'asked' }, { kind: 'queued', position: 3, behind: holder }],
    });
    for (const run of runs) {
      await world.until(run, 'awaiting_approval');
      expect(order.at(-1)).toBe(run.workflowId);
      await approve(run);
      await run.result();
    }
    expect(order).toEqual(ids(runs));
    expect(await viewOf(service)).toMatchObject({ holder: null, waiting: [] });
    const third = await world.view(runs[2] as Handle);
    expect(third.events.filter(({ kind }) => kind === 'queued')).toMatchObject([
      { position: 2 },
      { position: 1 },
    ]);
  });

  test('keeps two services, and two environments of one service, apart', async () => {
    const service = world.service();
    const [production, preview] = await Promise.all([
      world.deploy(service),
      world.deploy(service, { environment: 'preview' }),
    ]);
    await Promise.all([
      world.until(production, 'awaiting_approval'),
      world.until(preview, 'awaiting_approval'),
    ]);
    await world.client.workflow.getHandle(environmentWorkflowId(service, 'preview')).terminate();
  });

  test('is not held by a run that was terminated', async () => {
    const service = world.service();
    const [holder, next] = await lineUp(service, 2);
    await holder?.terminate('somebody pulled the plug');
    const view = await world.until(next as Handle, 'awaiting_approval');
    expect(view.queue).toBeNull();
    expect((await viewOf(service)).unfinished).toBe(false);
  });

  test('doubts what a run left behind that was terminated while it applied', async () => {
    const applied = { added: 1, changed: 0, destroyed: 0, done: 1, total: 1, finished: [] };
    const hold = createHold(() => ({ detail: '1 added', tail: [], log: null, applied }));
    const service = world.service({ terraform_apply: hold.step });
    const [holder, next] = await lineUp(service, 2);
    await approve(holder as Handle);
    await hold.started;
    await holder?.terminate('somebody pulled the plug');
    await world.until(next as Handle, 'awaiting_approval');
    expect((await viewOf(service)).unfinished).toBe(true);
  });

  test('forgets a waiting run that was terminated', async () => {
    const service = world.service();
    const [, gone, last] = await lineUp(service, 3);
    await gone?.terminate();
    await world.until(last as Handle, ({ queue }) => queue?.position === 1);
    expect((await viewOf(service)).waiting).toHaveLength(1);
  });

  test('that was terminated itself is made again with the same holder and the same order', async () => {
    const service = world.service();
    const [holder, second, third] = await lineUp(service, 3);
    await queueOf(service).terminate('an accident');
    await eventually(async () => {
      expect((await queueOf(service).describe()).status.name).toBe('RUNNING');
      const view = await viewOf(service);
      expect(view.holder?.workflowId).toBe(holder?.workflowId);
      expect(view.waiting.map(({ workflowId }) => workflowId)).toEqual(ids([second, third] as Handle[]));
    });
    expect((await world.view(second as Handle)).status).toBe('queued');
    await approve(holder as Handle);
    expect((await holder?.result())?.status).toBe('succeeded');
    await world.until(second as Handle, 'awaiting_approval');
    expect((await viewOf(service)).applied).toHaveLength(1);
  });

  test('that is gone when its holder leaves still learns what was applied', async () => {
    const hold = createHold(() => ({ outputs: [] }));
    const service = world.service({ target: { approval: null }, terraform_output: hold.step });
    const run = await world.deploy(service);
    await hold.started;
    await queueOf(service).terminate('an accident');
    hold.release();
    await run.result();
    await eventually(async () => {
      expect(await viewOf(service)).toMatchObject({
        holder: null,
        applied: [{ workflowId: run.workflowId }],
      });
    });
  });

  test('that is gone while others wait still learns what was applied, and lets one of them in', async () => {
    const service = world.service();
    const [holder, ...others] = await lineUp(service, 3);
    await queueOf(service).terminate('an accident');
    await approve(holder as Handle);
    await holder?.result();
    // Each asks again when it has heard nothing for a while, in no order.
    await eventually(async () => {
      const view = await viewOf(service);
      expect(view).toMatchObject({ unfinished: false, applied: [{ workflowId: holder?.workflowId }] });
      expect([view.holder, ...view.waiting].map((run) => run?.workflowId).sort()).toEqual(ids(others).sort());
    });
    const inside = (await viewOf(service)).holder?.workflowId;
    const next = others.find(({ workflowId }) => workflowId === inside);
    await world.until(next as Handle, 'awaiting_approval');
  });

  test('ignores a cancellation', async () => {
    const service = world.service();
    const [holder] = await lineUp(service, 1);
    await queueOf(service).cancel();
    await approve(holder as Handle);
    await holder?.result();
    expect((await viewOf(service)).applied).toHaveLength(1);
  });

  test('lives on through many deployments and remembers the ten newest', async () => {
    const service = world.service({ target: { approval: null } });
    const queue = queueOf(service);
    const runs: Handle[] = [];
    for (let index = 0; index < 12; index += 1) {
      const run = await world.deploy(service);
      await run.result();
      runs.push(run);
    }
    const { applied } = await viewOf(service);
    expect(applied.map(({ workflowId }) => workflowId)).toEqual(ids(runs).toReversed().slice(0, 10));
    const { raw } = await queue.describe();
    const first = raw.workflowExecutionInfo?.firstRunId;
    expect(first).not.toBe((await queue.describe()).runId);
  });

  test('loses nobody while it starts afresh under load', async () => {
    const service = world.service({ target: { approval: null } });
    const runs = await Promise.all(Array.from({ length: 12 }, () => world.deploy(service)));
    const ended = await Promise.all(runs.map((run) => run.result()));
    expect(ended.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 'succeeded'));
    expect(await viewOf(service)).toMatchObject({ holder: null, waiting: [] });
  });

  test('goes on from a state that the version before carried over, and grants what it holds', async () => {
    const seen: (string | undefined)[] = [];
    const service = world.service({
      check_for_changes: async ({ lastApplied }) => {
        seen.push(lastApplied?.revision);
        return { commit: { sha: 'c', subject: 'Same', author: 'Joan' }, changed: false };
      },
    });
    const key = { service, environment: 'production' };
    const applied = [{ workflowId: 'w', commit: 'c', digest: 'd', at: 1, requestedBy: ada, approvedBy: [] }];
    await world.client.workflow.start('environment', {
      workflowId: world.environmentId(service),
      taskQueue: world.taskQueue,
      args: [{ ...key, state: { ...key, holder: null, waiting: [], applied, unfinished: false } }],
    });
    expect(await viewOf(service)).toMatchObject({ name: service, applied: [{ revision: 'c' }] });
    const run = await world.deploy(service);
    expect(await run.result()).toMatchObject({ name: service, status: 'no_changes' });
    expect(seen).toEqual(['c']);
  });

  test('listens to no one but its holder about what was applied', async () => {
    const service = world.service();
    const [holder] = await lineUp(service, 1);
    const stranger = `total-build-${randomUUID()}`;
    const record = {
      workflowId: stranger,
      revision: 'c',
      digest: 'd',
      at: 1,
      requestedBy: ada,
      approvedBy: [],
    };
    await queueOf(service).signal(lockReleasedSignal, {
      workflowId: stranger,
      applied: record,
      unfinished: true,
    });
    const unchanged: Partial<EnvironmentView> = { applied: [], unfinished: false };
    expect(await viewOf(service)).toMatchObject({ ...unchanged, holder: { workflowId: holder?.workflowId } });
  });

  test('is given back by a run that gets its turn when it no longer waits for it', async () => {
    const away = Promise.withResolvers<void>();
    const service = world.service({ target: { approval: null }, notify: () => away.promise });
    const late = await world.deploy(service);
    await world.until(late, 'succeeded');
    await eventually(async () => expect((await viewOf(service)).holder).toBeNull());
    const request = { workflowId: late.workflowId, requestedBy: linus, at: Date.now(), attempt: 1 };
    await queueOf(service).signal(lockRequestedSignal, request);
    const next = await world.deploy(service);
    await world.until(next, 'succeeded');
    expect((await late.describe()).status.name).toBe('RUNNING');
    away.resolve();
    await Promise.all([late.result(), next.result()]);
  });

  test('takes no turn that was given for another request', async () => {
    const service = world.service();
    const [, waiting] = await lineUp(service, 2);
    await waiting?.signal(lockGrantedSignal, { lastApplied: null, unfinished: false, attempt: 2 });
    const heard = await world.view(waiting as Handle);
    expect(heard).toMatchObject({ status: 'queued', queue: { position: 1 } });
    expect((await viewOf(service)).waiting).toHaveLength(1);
  });

  test('applies what waited under the rule that stands when its turn comes', async () => {
    const hold = createHold(() => ({ detail: 'ok', tail: [], log: null }));
    const target: Partial<ServiceTarget> = { approval: null };
    const script = { target, refresh_repo: hold.step };
    const service = world.service(script);
    const holder = await world.deploy(service);
    await hold.started;
    const waiting = await world.deploy(service);
    await world.until(waiting, ({ queue }) => queue?.position === 1);
    script.target = {};
    hold.release();
    const asked = await world.until(waiting, 'awaiting_approval');
    expect(asked.approval).toMatchObject({ approvers: [ada.id, grace.id] });
    expect((await holder.result()).approval).toBeNull();
    await approve(waiting);
    expect((await waiting.result()).status).toBe('succeeded');
  });

  test('is not kept by a run whose service the catalog has lost while it waited', async () => {
    let lost = false;
    const service = world.service({
      resolve: () => {
        if (lost) throw ApplicationFailure.nonRetryable('no such service', failureTypes.unknownService);
      },
    });
    const [holder, waiting] = await lineUp(service, 2);
    lost = true;
    await approve(holder as Handle);
    const view = await world.until(waiting as Handle, 'failed');
    expect(view).toMatchObject({ commit: null, failure: { type: failureTypes.unknownService } });
    await eventually(async () =>
      expect(await viewOf(service)).toMatchObject({ holder: null, waiting: [], unfinished: false }),
    );
  });

  test('hands the turn again to a holder that asks again, and passes over one that cannot hear', async () => {
    const service = world.service();
    const [holder] = await lineUp(service, 1);
    const request = { workflowId: holder?.workflowId ?? '', requestedBy: linus, at: 1 };
    await queueOf(service).signal(lockRequestedSignal, request);
    await queueOf(service).signal(lockRequestedSignal, {
      ...request,
      workflowId: `total-build-${randomUUID()}`,
    });
    const next = await world.deploy(service);
    await world.until(next, ({ queue }) => queue?.position === 1);
    await holder?.executeUpdate(denyApplyUpdate, { args: [{ by: ada, reason: 'no' }] });
    await holder?.result();
    await world.until(next, 'awaiting_approval');
    expect(await viewOf(service)).toMatchObject({ holder: { workflowId: next.workflowId }, waiting: [] });
  });
});
