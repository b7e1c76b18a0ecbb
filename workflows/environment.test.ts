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
const waitUntil = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 90_000, interval: 50 });

/** Runs in a queue in this order. The first one holds the lock and waits for approval. */
const queueUp = async (service: string, count: number): Promise<Handle[]> => {
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

describe.concurrent('the environment workflow', { timeout: 180_000 }, () => {
  test('grants the lock to one run at a time, in the order of the requests, and sends the others their position', async () => {
    const order: string[] = [];
    const service = world.service({
      refresh_repo: async ({ workflowId }) => {
        order.push(workflowId);
        return { detail: 'ok', tail: [], log: null };
      },
    });
    const runs = await queueUp(service, 4);
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

  test('grants separate locks for two services, and for two environments of one service', async () => {
    const service = world.service();
    const otherService = world.service();
    const runs = await Promise.all([
      world.deploy(service),
      world.deploy(service, { environment: 'preview' }),
      world.deploy(otherService),
    ]);
    await Promise.all(runs.map((run) => world.until(run, 'awaiting_approval')));
    const locks = [
      queueOf(service),
      world.client.workflow.getHandle(environmentWorkflowId(service, 'preview')),
      queueOf(otherService),
    ];
    const views = await Promise.all(locks.map((lock) => lock.query(environmentQuery)));
    expect(views.map(({ holder }) => holder?.workflowId)).toEqual(ids(runs));
    expect(views.flatMap(({ waiting }) => waiting)).toEqual([]);
    await locks[1]?.terminate();
  });

  test('releases the lock of a run that was terminated', async () => {
    const service = world.service();
    const [holder, next] = await queueUp(service, 2);
    await holder?.terminate('the test terminates the run');
    const view = await world.until(next as Handle, 'awaiting_approval');
    expect(view.queue).toBeNull();
    expect((await viewOf(service)).unfinished).toBe(false);
  });

  test('marks the environment unfinished when its holder was terminated during an apply', async () => {
    const applied = { added: 1, changed: 0, destroyed: 0, done: 1, total: 1, finished: [] };
    const hold = createHold(() => ({ detail: '1 added', tail: [], log: null, applied }));
    const service = world.service({ terraform_apply: hold.step });
    const [holder, next] = await queueUp(service, 2);
    await approve(holder as Handle);
    await hold.started;
    await holder?.terminate('the test terminates the run');
    await world.until(next as Handle, 'awaiting_approval');
    expect((await viewOf(service)).unfinished).toBe(true);
  });

  test('removes a waiting run that was terminated', async () => {
    const service = world.service();
    const [, gone, last] = await queueUp(service, 3);
    await gone?.terminate();
    await world.until(last as Handle, ({ queue }) => queue?.position === 1);
    expect((await viewOf(service)).waiting).toHaveLength(1);
  });

  test('is started again with the same holder and the same order after it was terminated itself', async () => {
    const service = world.service();
    const [holder, second, third] = await queueUp(service, 3);
    await queueOf(service).terminate('the test terminates the queue');
    await waitUntil(async () => {
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

  test('records what a holder applied, also when it was terminated before the holder released the lock', async () => {
    const hold = createHold(() => ({ outputs: [] }));
    const service = world.service({ target: { approval: null }, terraform_output: hold.step });
    const run = await world.deploy(service);
    await hold.started;
    await queueOf(service).terminate('the test terminates the queue');
    hold.release();
    await run.result();
    await waitUntil(async () => {
      expect(await viewOf(service)).toMatchObject({
        holder: null,
        applied: [{ workflowId: run.workflowId }],
      });
    });
  });

  test('records what a holder applied and grants the lock to a waiting run after it was terminated', async () => {
    const service = world.service();
    const [holder, ...others] = await queueUp(service, 3);
    await queueOf(service).terminate('the test terminates the queue');
    await approve(holder as Handle);
    await holder?.result();
    // Each waiting run repeats its request after a while, in any order.
    await waitUntil(async () => {
      const view = await viewOf(service);
      expect(view).toMatchObject({ unfinished: false, applied: [{ workflowId: holder?.workflowId }] });
      expect([view.holder, ...view.waiting].map((run) => run?.workflowId).sort()).toEqual(ids(others).sort());
    });
    const newHolder = (await viewOf(service)).holder?.workflowId;
    const next = others.find(({ workflowId }) => workflowId === newHolder);
    await world.until(next as Handle, 'awaiting_approval');
  });

  test('continues after a cancellation', async () => {
    const service = world.service();
    const [holder] = await queueUp(service, 1);
    await queueOf(service).cancel();
    await approve(holder as Handle);
    await holder?.result();
    expect((await viewOf(service)).applied).toHaveLength(1);
  });

  test('continues as new during many deployments, and keeps the ten newest records', async () => {
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

  test('loses no request when it continues as new under load', async () => {
    const service = world.service({ target: { approval: null } });
    const runs = await Promise.all(Array.from({ length: 12 }, () => world.deploy(service)));
    const ended = await Promise.all(runs.map((run) => run.result()));
    expect(ended.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 'succeeded'));
    expect(await viewOf(service)).toMatchObject({ holder: null, waiting: [] });
  });

  test('continues from a state that the previous version carried over, and grants the lock with it', async () => {
    const lastRevisions: (string | undefined)[] = [];
    const service = world.service({
      check_for_changes: async ({ lastApplied }) => {
        lastRevisions.push(lastApplied?.revision);
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
    expect(lastRevisions).toEqual(['c']);
  });

  test('ignores a record of what was applied from a run that is not in the queue', async () => {
    const service = world.service();
    const [holder] = await queueUp(service, 1);
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

  test('gets the lock back from a run that no longer waits when the lock is granted', async () => {
    const chat = Promise.withResolvers<void>();
    const service = world.service({ target: { approval: null }, notify: () => chat.promise });
    const late = await world.deploy(service);
    await world.until(late, 'succeeded');
    await waitUntil(async () => expect((await viewOf(service)).holder).toBeNull());
    const request = { workflowId: late.workflowId, requestedBy: linus, at: Date.now(), attempt: 1 };
    await queueOf(service).signal(lockRequestedSignal, request);
    const next = await world.deploy(service);
    await world.until(next, 'succeeded');
    expect((await late.describe()).status.name).toBe('RUNNING');
    chat.resolve();
    await Promise.all([late.result(), next.result()]);
  });

  test('grants the lock for the attempt that requested it: a run ignores a grant for another attempt', async () => {
    const service = world.service();
    const [, waiting] = await queueUp(service, 2);
    await waiting?.signal(lockGrantedSignal, { lastApplied: null, unfinished: false, attempt: 2 });
    const view = await world.view(waiting as Handle);
    expect(view).toMatchObject({ status: 'queued', queue: { position: 1 } });
    expect((await viewOf(service)).waiting).toHaveLength(1);
  });

  test('lets a waiting run use the approval rule that the catalog has when the lock is granted', async () => {
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
    const waitingForApproval = await world.until(waiting, 'awaiting_approval');
    expect(waitingForApproval.approval).toMatchObject({ approvers: [ada.id, grace.id] });
    expect((await holder.result()).approval).toBeNull();
    await approve(waiting);
    expect((await waiting.result()).status).toBe('succeeded');
  });

  test('releases the lock of a run whose service was removed from the catalog while the run waited', async () => {
    let isRemoved = false;
    const service = world.service({
      resolve: () => {
        if (isRemoved) throw ApplicationFailure.nonRetryable('no such service', failureTypes.unknownService);
      },
    });
    const [holder, waiting] = await queueUp(service, 2);
    isRemoved = true;
    await approve(holder as Handle);
    const view = await world.until(waiting as Handle, 'failed');
    expect(view).toMatchObject({ commit: null, failure: { type: failureTypes.unknownService } });
    await waitUntil(async () =>
      expect(await viewOf(service)).toMatchObject({ holder: null, waiting: [], unfinished: false }),
    );
  });

  test('repeats the grant for a holder that repeats its request, and skips a run that does not exist', async () => {
    const service = world.service();
    const [holder] = await queueUp(service, 1);
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
