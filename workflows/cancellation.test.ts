import { CancelledFailure, WorkflowFailedError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { environmentQuery } from './contract/environment.ts';
import { failureTypes, refusalTypes } from './contract/failure.ts';
import { approveApplyUpdate, cancelSignal, cancelUpdate } from './contract/run-messages.ts';
import type { StageName } from './contract/stage.ts';
import { createHold, type Script } from './testing/fake-activities.ts';
import { ada, grace, linus, samplePlan } from './testing/samples.ts';
import { createTestWorld, type TestWorld } from './testing/test-world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await createTestWorld({ address: inject('temporalAddress') });
});
afterAll(() => world.close());

const environmentOf = (service: string) =>
  world.client.workflow.getHandle(world.environmentId(service)).query(environmentQuery);
const joan = { id: 'joan@example.com', name: 'Joan' };
const result = { detail: 'ok', tail: [], log: null };

/** An apply that runs until it is interrupted, and then fails with the number of finished resources. */
const interruptedApply = () => {
  const hold = createHold(() => {
    throw new Error('must be interrupted');
  });
  const step: NonNullable<Script['terraform_apply']> = async () => {
    try {
      return await hold.step();
    } catch {
      throw ApplicationFailure.create({
        message: 'applying web: stopped, 1 of 3 resources done',
        type: failureTypes.interrupted,
        nonRetryable: true,
        details: [
          {
            hint: 'Review a new plan.',
            tail: ['aws_instance.web: Creation complete'],
            log: null,
            applied: {
              added: 1,
              changed: 0,
              destroyed: 0,
              done: 1,
              total: 3,
              finished: ['aws_instance.web'],
            },
          },
        ],
      });
    }
  };
  return { started: hold.started, step };
};

describe.concurrent('a cancellation', { timeout: 180_000 }, () => {
  const stages: readonly StageName[] = [
    'refresh_repo',
    'install_packages',
    'perform_tests',
    'build_image',
    'terraform_plan',
  ];
  test.each(stages)('stops %s and releases the environment lock', async (stage) => {
    const hold = createHold(() => result);
    const service = world.service({ [stage]: hold.step });
    const run = await world.deploy(service);
    await hold.started;
    await world.until(run, ({ stages }) =>
      stages.some(({ name, state }) => name === stage && state === 'running'),
    );
    const answer = await run.executeUpdate(cancelUpdate, { args: [{ by: linus, reason: 'wrong branch' }] });
    expect(answer).toMatchObject({ counted: true, message: 'cancelling' });
    const view = await run.result();
    expect(view).toMatchObject({ status: 'cancelled', failure: null, applied: null, remaining: null });
    expect(view.stages.find(({ name }) => name === stage)).toMatchObject({
      state: 'cancelled',
      detail: 'cancelled by Linus',
    });
    expect(view.events.at(-1)).toMatchObject({ kind: 'cancelled', by: linus, reason: 'wrong branch' });
    expect(await environmentOf(service)).toMatchObject({ holder: null, waiting: [], unfinished: false });
  });

  test('removes a waiting run from the queue', async () => {
    const service = world.service();
    const holder = await world.deploy(service);
    await world.until(holder, 'awaiting_approval');
    const waiting = await world.deploy(service);
    await world.until(waiting, ({ queue }) => queue?.position === 1);
    await waiting.executeUpdate(cancelUpdate, { args: [{ by: grace }] });
    expect(await waiting.result()).toMatchObject({ status: 'cancelled', commit: null });
    expect(await environmentOf(service)).toMatchObject({
      holder: { workflowId: holder.workflowId },
      waiting: [],
    });
  });

  test('withdraws the approval request, also when the cancellation arrives as a signal', async () => {
    const run = await world.deploy(world.service());
    await world.until(run, 'awaiting_approval');
    await run.signal(cancelSignal, { by: ada, reason: 'not today', key: 'k1' });
    const view = await run.result();
    expect(view).toMatchObject({ status: 'cancelled', approval: { decision: null } });
    expect(view.stages.find(({ name }) => name === 'approval')?.state).toBe('cancelled');
  });

  test('is refused to a person who is neither requester nor approver', async () => {
    const run = await world.deploy(world.service());
    await world.until(run, 'awaiting_approval');
    await expect(run.executeUpdate(cancelUpdate, { args: [{ by: joan }] })).rejects.toMatchObject({
      cause: {
        type: refusalTypes.notAllowed,
        message: "Joan can't cancel this run. Only Linus and the approvers can.",
      },
    });
    expect((await world.view(run)).status).toBe('awaiting_approval');
  });

  test('waits for an apply to stop, shows what was applied, and makes a new plan of the remaining changes', async () => {
    const { started, step } = interruptedApply();
    const service = world.service({ terraform_apply: step });
    const run = await world.deploy(service);
    await world.until(run, 'awaiting_approval');
    await run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
    await started;
    const first = await run.executeUpdate(cancelUpdate, { args: [{ by: linus }] });
    const second = await run.executeUpdate(cancelUpdate, { args: [{ by: grace }] }).catch((error) => error);
    expect(first.counted).toBe(true);
    if (!(second instanceof WorkflowUpdateFailedError))
      expect(second).toMatchObject({ counted: false, message: 'already cancelled by Linus' });
    const view = await run.result();
    expect(view).toMatchObject({
      status: 'cancelled',
      failure: null,
      applied: { done: 1, total: 3, finished: ['aws_instance.web'] },
      remaining: { digest: samplePlan('2').file.sha256, summary: samplePlan('2').summary },
    });
    expect(view.stages.find(({ name }) => name === 'terraform_apply')).toMatchObject({
      state: 'cancelled',
      detail: 'cancelled by Linus',
      tail: ['aws_instance.web: Creation complete'],
    });
    expect(view.events.slice(-2)).toMatchObject([
      { kind: 'apply_aborted', done: 1, total: 3 },
      { kind: 'cancelled', by: linus },
    ]);
    expect(await environmentOf(service)).toMatchObject({ holder: null, applied: [], unfinished: true });
  });

  test('leaves the environment finished when the apply had not started Terraform', async () => {
    const hold = createHold((): never => {
      throw new Error('must be cancelled');
    });
    const service = world.service({ terraform_apply: hold.step });
    const run = await world.deploy(service);
    await world.until(run, 'awaiting_approval');
    await run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
    await hold.started;
    await run.executeUpdate(cancelUpdate, { args: [{ by: linus }] });
    const view = await run.result();
    expect(view).toMatchObject({ status: 'cancelled', applied: null, remaining: null });
    expect(view.events.map(({ kind }) => kind)).not.toContain('apply_aborted');
    expect(await environmentOf(service)).toMatchObject({ holder: null, unfinished: false });
  });

  test('is recorded as too late when the apply completes first', async () => {
    const hold = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const service = world.service({
      terraform_apply: async () => {
        started.resolve();
        await hold.promise;
        return {
          ...result,
          applied: { added: 1, changed: 0, destroyed: 0, done: 1, total: 1, finished: [] },
        };
      },
    });
    const run = await world.deploy(service);
    await world.until(run, 'awaiting_approval');
    await run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
    await started.promise;
    await run.executeUpdate(cancelUpdate, { args: [{ by: linus }] });
    hold.resolve();
    const view = await run.result();
    expect(view).toMatchObject({ status: 'succeeded', applied: { added: 1 }, outputs: [{ name: 'url' }] });
    expect(view.events.at(-1)).toMatchObject({
      kind: 'not_counted',
      by: linus,
      why: expect.stringContaining('too late'),
    });
    expect((await environmentOf(service)).applied).toHaveLength(1);
  });

  test('in Temporal releases the lock, notifies people, and closes the run as cancelled', async () => {
    const hold = createHold(() => result);
    const service = world.service({ perform_tests: hold.step });
    const run = await world.deploy(service);
    await hold.started;
    const next = await world.deploy(service);
    await run.cancel();
    const ended = await run.result().catch((error: unknown) => error);
    expect(ended).toBeInstanceOf(WorkflowFailedError);
    expect((ended as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
    expect((await run.describe()).status.name).toBe('CANCELLED');
    const view = await world.view(run);
    expect(view).toMatchObject({ status: 'cancelled' });
    expect(view.events.at(-1)).toMatchObject({ kind: 'cancelled', by: null });
    expect(world.notified(run.workflowId).at(-1)).toBe('finished');
    await world.until(next, ({ status }) => status !== 'queued');
  });

  test('in Temporal during an apply makes a new plan too', async () => {
    const { started, step } = interruptedApply();
    const run = await world.deploy(world.service({ target: { approval: null }, terraform_apply: step }));
    await started;
    await run.cancel();
    await expect(run.result()).rejects.toBeInstanceOf(WorkflowFailedError);
    expect(await world.view(run)).toMatchObject({
      status: 'cancelled',
      applied: { done: 1 },
      remaining: { summary: { hasChanges: true } },
    });
  });

  test('is refused after the run has ended', async () => {
    const chat = Promise.withResolvers<void>();
    const run = await world.deploy(world.service({ target: { approval: null }, notify: () => chat.promise }));
    await world.until(run, 'succeeded');
    await expect(run.executeUpdate(cancelUpdate, { args: [{ by: linus }] })).rejects.toMatchObject({
      cause: {
        type: refusalTypes.notWaiting,
        message: "Can't cancel: the run has already ended (succeeded).",
      },
    });
    chat.resolve();
    await run.result();
  });
});
