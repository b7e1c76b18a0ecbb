import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { environmentQuery } from './contract/environment.ts';
import { failureTypes, refusalTypes } from './contract/failure.ts';
import { approveApplyUpdate, retrySignal, retryUpdate } from './contract/run-messages.ts';
import type { StageName } from './contract/stage.ts';
import type { ServiceTarget } from './contract/target.ts';
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
const result = { detail: 'ok', tail: [], log: null };
const applied = { added: 3, changed: 0, destroyed: 0, done: 3, total: 3, finished: [] };
const fail = (
  type: string,
  message: string,
  details: object = { hint: 'Fix it.', tail: ['boom'], log: null },
) => ApplicationFailure.create({ message, type, nonRetryable: true, details: [details] });

/** Fails once for each error, then succeeds. */
const failing = <Result>(errors: Error[], good: Result) => {
  let calls = 0;
  return {
    get calls() {
      return calls;
    },
    step: async (): Promise<Result> => {
      calls += 1;
      const error = errors.shift();
      if (error) throw error;
      return good;
    },
  };
};

const counting = (script: Script, counted: Partial<Record<StageName, number>>): Script => ({
  ...script,
  install_packages: async () => {
    counted.install_packages = (counted.install_packages ?? 0) + 1;
    return result;
  },
  terraform_plan: async (input) => {
    counted.terraform_plan = (counted.terraform_plan ?? 0) + 1;
    return { ...result, plan: samplePlan(`${input.attempt}`) };
  },
});

describe.concurrent('retry', { timeout: 180_000 }, () => {
  test('resumes at the failed stage and keeps the results of the stages before it', async () => {
    const counted: Partial<Record<StageName, number>> = {};
    const build = failing([fail(failureTypes.imageFailed, 'building web: no space left')], {
      ...result,
      image: 'web:1',
    });
    const service = world.service(counting({ build_image: build.step }, counted));
    const run = await world.deploy(service);
    const failed = await world.until(run, ({ retryUntil }) => retryUntil !== null);
    expect(failed).toMatchObject({
      status: 'failed',
      endedAt: expect.any(Number),
      failure: { stage: 'build_image', type: failureTypes.imageFailed, hint: 'Fix it.', tail: ['boom'] },
    });
    expect(failed.stages.find(({ name }) => name === 'build_image')).toMatchObject({
      state: 'failed',
      detail: 'building web: no space left',
      tail: ['boom'],
    });
    expect((await environmentOf(service)).holder).toBeNull();

    const answer = await run.executeUpdate(retryUpdate, { args: [{ by: linus }] });
    expect(answer).toMatchObject({ counted: true, message: 'retrying' });
    const waiting = await world.until(run, 'awaiting_approval');
    expect(waiting).toMatchObject({ failure: null, endedAt: null, retryUntil: null, image: 'web:1' });
    expect(waiting.stages.find(({ name }) => name === 'build_image')).toMatchObject({ attempt: 2 });
    expect(counted.install_packages).toBe(1);
    await run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
    const view = await run.result();
    expect(view.status).toBe('succeeded');
    expect(view.events.find(({ kind }) => kind === 'retried')).toMatchObject({
      by: linus,
      from: 'build_image',
    });
  });

  test('stops the parallel stages when one of them fails', async () => {
    const image = createHold(() => ({ ...result, image: null }));
    const service = world.service({
      perform_tests: async () => {
        await image.started;
        throw fail(failureTypes.testsFailed, 'testing web: 2 tests failed');
      },
      build_image: image.step,
    });
    const run = await world.deploy(service);
    const view = await world.until(run, 'failed');
    expect(view.failure).toMatchObject({ stage: 'perform_tests', message: 'testing web: 2 tests failed' });
    expect(view.stages.find(({ name }) => name === 'build_image')).toMatchObject({
      state: 'cancelled',
      detail: 'stopped, because perform_tests failed',
    });
  });

  test('is possible for a limited time; then the run closes as failed with its reason', async () => {
    const service = world.service({
      perform_tests: async () => {
        throw fail(failureTypes.testsFailed, 'testing web: 2 tests failed');
      },
    });
    const run = await world.deploy(service);
    await expect(run.result()).rejects.toMatchObject({
      cause: { type: failureTypes.testsFailed, message: 'testing web: 2 tests failed' },
    });
    expect(await world.view(run)).toMatchObject({ status: 'failed', retryUntil: null });
    expect(world.notified(run.workflowId)).toEqual(['opened', 'finished', 'finished']);
  });

  test('is refused to a person who is neither requester nor approver, and while the run has not failed', async () => {
    const service = world.service({
      perform_tests: async () => {
        throw fail(failureTypes.testsFailed, 'no');
      },
    });
    const [failed, fine] = await Promise.all([world.deploy(service), world.deploy(world.service())]);
    await Promise.all([
      world.until(failed, ({ retryUntil }) => retryUntil !== null),
      world.until(fine, 'awaiting_approval'),
    ]);
    const joan = { id: 'joan@example.com', name: 'Joan' };
    await expect(failed.executeUpdate(retryUpdate, { args: [{ by: joan }] })).rejects.toMatchObject({
      cause: { type: refusalTypes.notAllowed },
    });
    await expect(fine.executeUpdate(retryUpdate, { args: [{ by: linus }] })).rejects.toMatchObject({
      cause: { type: refusalTypes.notWaiting, message: expect.stringContaining('the run has not failed') },
    });
  });

  test('counts once when it arrives as an update and again as a signal', async () => {
    const tests = failing([fail(failureTypes.testsFailed, 'a'), fail(failureTypes.testsFailed, 'b')], result);
    const run = await world.deploy(world.service({ perform_tests: tests.step }));
    await world.until(run, ({ retryUntil }) => retryUntil !== null);
    await run.executeUpdate(retryUpdate, { args: [{ by: grace }], updateId: 'click-1' });
    await world.until(run, ({ failure }) => failure?.message === 'b');
    await run.signal(retrySignal, { by: grace, key: 'click-1' });
    const view = await world.view(run);
    expect(view.events.filter(({ kind }) => kind === 'retried')).toHaveLength(1);
    expect(view.events.some(({ kind }) => kind === 'not_counted')).toBe(false);
  });

  test('makes a new plan and requests approval again after a failed apply', async () => {
    const partly = { added: 1, changed: 0, destroyed: 0, done: 1, total: 3, finished: ['aws_instance.web'] };
    const apply = failing(
      [fail(failureTypes.applyFailed, 'quota', { hint: null, tail: [], log: null, applied: partly })],
      { ...result, applied },
    );
    const service = world.service({ terraform_apply: apply.step });
    const run = await world.deploy(service);
    await world.until(run, 'awaiting_approval');
    await run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
    const failed = await world.until(run, ({ retryUntil }) => retryUntil !== null);
    expect(failed).toMatchObject({
      status: 'failed',
      applied: partly,
      remaining: { summary: { hasChanges: true } },
      failure: { stage: 'terraform_apply', applied: partly },
    });
    expect((await environmentOf(service)).unfinished).toBe(true);

    await run.executeUpdate(retryUpdate, { args: [{ by: linus }] });
    const waiting = await world.until(run, 'awaiting_approval');
    expect(waiting).toMatchObject({ remaining: null, approval: { votes: [], decision: null } });
    expect(waiting.plan?.digest).not.toBe(failed.plan?.digest);
    await run.executeUpdate(approveApplyUpdate, { args: [{ by: grace }] });
    expect(await run.result()).toMatchObject({ status: 'succeeded', applied });
    expect(await environmentOf(service)).toMatchObject({
      unfinished: false,
      applied: [{ approvedBy: [grace] }],
    });
  });

  test('keeps the approval when the new plan has the same digest', async () => {
    const apply = failing(
      [fail(failureTypes.stateLocked, 'the state is locked', { hint: null, tail: [], log: null })],
      { ...result, applied },
    );
    const service = world.service({
      terraform_plan: async () => ({ ...result, plan: samplePlan('same') }),
      terraform_apply: apply.step,
    });
    const run = await world.deploy(service);
    await world.until(run, 'awaiting_approval');
    await run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
    const failed = await world.until(run, ({ retryUntil }) => retryUntil !== null);
    expect(failed).toMatchObject({ applied: null, remaining: null });
    expect((await environmentOf(service)).unfinished).toBe(false);
    await run.executeUpdate(retryUpdate, { args: [{ by: linus }] });
    const view = await run.result();
    expect(view).toMatchObject({ status: 'succeeded', approval: { votes: [{ by: ada }] } });
    expect(view.events.filter(({ kind }) => kind === 'question')).toHaveLength(1);
  });

  test('makes a new plan when another run has deployed since the failure', async () => {
    const counted: Partial<Record<StageName, number>> = {};
    let isBroken = true;
    const service = world.service({
      ...counting({ target: { approval: null } }, counted),
      build_image: async ({ workflowId }) => {
        if (isBroken && workflowId === broken.id)
          throw fail(failureTypes.imageFailed, 'building web: no space');
        return { ...result, image: null };
      },
    });
    const broken = { id: '' };
    const run = await world.deploy(service).then((handle) => {
      broken.id = handle.workflowId;
      return handle;
    });
    await world.until(run, ({ retryUntil }) => retryUntil !== null);
    const before = counted.terraform_plan ?? 0;
    await (await world.deploy(service)).result();
    isBroken = false;
    await run.executeUpdate(retryUpdate, { args: [{ by: linus }] });
    const view = await run.result();
    expect(view.status).toBe('succeeded');
    expect(counted.terraform_plan).toBeGreaterThan(before + 1);
    expect((await environmentOf(service)).applied.map(({ workflowId }) => workflowId)[0]).toBe(
      run.workflowId,
    );
  });

  test('is not needed for a stale plan: the run makes a new plan and requests approval again', async () => {
    const apply = failing([fail(failureTypes.stalePlan, 'the state changed after the plan')], {
      ...result,
      applied,
    });
    const run = await world.deploy(world.service({ terraform_apply: apply.step }));
    const first = await world.until(run, 'awaiting_approval');
    await run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
    const second = await world.until(
      run,
      ({ status, plan }) => status === 'awaiting_approval' && plan?.digest !== first.plan?.digest,
    );
    expect(second).toMatchObject({ failure: null, approval: { votes: [], decision: null } });
    const old = { by: grace, planDigest: first.plan?.digest ?? '' };
    await expect(run.executeUpdate(approveApplyUpdate, { args: [old] })).rejects.toMatchObject({
      cause: { type: refusalTypes.stalePlan },
    });
    await run.executeUpdate(approveApplyUpdate, { args: [{ by: grace }] });
    const view = await run.result();
    expect(view.status).toBe('succeeded');
    expect(view.events.filter(({ kind }) => kind === 'question')).toHaveLength(2);
    expect(view.stages.find(({ name }) => name === 'terraform_apply')).toMatchObject({ attempt: 2 });
  });

  test('is no longer possible after a cancellation of the failed run in Temporal, and the run closes as failed', async () => {
    const service = world.service({
      perform_tests: async () => {
        throw fail(failureTypes.testsFailed, 'testing web: 2 tests failed');
      },
    });
    const run = await world.deploy(service);
    await world.until(run, ({ retryUntil }) => retryUntil !== null);
    await run.cancel();
    await expect(run.result()).rejects.toMatchObject({ cause: { type: failureTypes.testsFailed } });
    expect(await world.view(run)).toMatchObject({ status: 'failed', retryUntil: null });
  });

  test('reads the catalog again, because the retry can follow a fix of the catalog', async () => {
    const installs: unknown[] = [];
    const target = { install: 'npm cii' };
    const service = world.service({
      target,
      install_packages: async (input) => {
        installs.push(input.target.install);
        if (input.target.install !== 'npm ci') throw fail(failureTypes.commandNotFound, 'command not found');
        return result;
      },
    });
    const run = await world.deploy(service);
    await world.until(run, ({ retryUntil }) => retryUntil !== null);
    target.install = 'npm ci';
    await run.executeUpdate(retryUpdate, { args: [{ by: linus }] });
    await world.until(run, 'awaiting_approval');
    expect(installs).toEqual(['npm cii', 'npm ci']);
  });

  test('plans and evaluates the policy again with the current settings of the catalog', async () => {
    const limits: unknown[] = [];
    const breaks = Promise.withResolvers<typeof result>();
    breaks.promise.catch(() => undefined);
    const builds = [breaks.promise];
    const script: Script & { target: Partial<ServiceTarget> } = {
      target: { approval: null },
      build_image: async () => ({ ...result, ...(await builds.shift()), image: null }),
      evaluate_policy: async ({ target, plan }) => {
        limits.push(target.policy.maxDestroys);
        return { verdict: { outcome: 'pass', violations: [] }, digest: plan.file.sha256 };
      },
    };
    const run = await world.deploy(world.service(script));
    await world.until(run, ({ plan }) => plan !== null);
    breaks.reject(fail(failureTypes.imageFailed, 'building web: no space left'));
    await world.until(run, ({ retryUntil }) => retryUntil !== null);
    script.target = { approval: null, policy: { maxDestroys: 0, reviewDestroysAbove: 5, protected: [] } };
    await run.executeUpdate(retryUpdate, { args: [{ by: linus }] });
    expect((await run.result()).status).toBe('succeeded');
    expect(limits).toEqual([null, 0]);
  });
});
