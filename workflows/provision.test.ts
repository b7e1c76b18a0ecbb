import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { failureTypes } from './contract/failure.ts';
import type { PolicyVerdict } from './contract/policy.ts';
import { provisionWorkflowType } from './contract/provision.ts';
import {
  approveApplySignal,
  approveApplyUpdate,
  approveSignal,
  denyApplySignal,
  planQuery,
  progressQuery,
  retryUpdate,
  signalReasonQuery,
  statusQuery,
} from './contract/run-messages.ts';
import { provisionStages } from './contract/stage.ts';
import { ada, grace, linus, sampleRule } from './testing/samples.ts';
import { createTestWorld, type TestWorld } from './testing/test-world.ts';

let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld({ address: inject('temporalAddress') });
});
afterAll(() => world.close());

const verdict = (outcome: 'soft' | 'hard'): PolicyVerdict => ({
  outcome,
  violations: [{ rule: 'admin_user', level: outcome, message: 'The plan makes an admin user.' }],
});
const withVerdict = (outcome: 'soft' | 'hard') => ({
  evaluate_policy: async () => ({ verdict: verdict(outcome), digest: `digest-${outcome}` }),
});

const stateOf = (stages: readonly { name: string; state: string }[]) =>
  Object.fromEntries(stages.map(({ name, state }) => [name, state]));

describe('the provision workflow', () => {
  test('needs no approval when the plan violates no policy rule', async () => {
    const stack = world.service();
    const run = await world.provision(stack);
    const view = await run.result();
    expect(view).toMatchObject({
      kind: 'provision',
      name: stack,
      environment: null,
      status: 'succeeded',
      progress: 100,
      approval: null,
      applied: { added: 2 },
    });
    expect(view.stages.map(({ name }) => name)).toEqual(provisionStages);
    expect(stateOf(view.stages)).toMatchObject({ terraform_init: 'succeeded', approval: 'skipped' });
    expect(view.outputs).toHaveLength(1);
  });

  test('can be found by its status, its folder and its stack', async () => {
    const stack = world.service();
    const run = await world.provision(stack);
    await run.result();
    const { searchAttributes } = await run.describe();
    expect(searchAttributes).toMatchObject({
      provisionStatus: ['succeeded'],
      tfDirectory: [`terraform/stacks/${stack}`],
      quarterdeckService: [stack],
      quarterdeckRequester: [linus.id],
    });
  });

  test('ends with no changes when the infrastructure matches the code', async () => {
    const applied: string[] = [];
    const stack = world.service({
      terraform_plan: async () => {
        const { samplePlan } = await import('./testing/samples.ts');
        return { detail: 'no changes', tail: [], log: null, plan: samplePlan('same', false) };
      },
      terraform_apply: async ({ workflowId }) => {
        applied.push(workflowId);
        throw new Error('the test expects no apply');
      },
    });
    const view = await (await world.provision(stack)).result();
    expect(view).toMatchObject({ status: 'no_changes', applied: null });
    expect(view.outputs).toHaveLength(1);
    expect(applied).toEqual([]);
  });

  test('requests approval for a soft policy violation, and records who overrode it and why', async () => {
    const stack = world.service(withVerdict('soft'));
    const run = await world.provision(stack);
    await world.until(run, 'awaiting_approval');
    await expect(run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] })).rejects.toMatchObject({
      cause: {
        message: 'A reason is required, because this plan violates the policy. Nothing was approved.',
      },
    });
    await expect(
      run.executeUpdate(approveApplyUpdate, { args: [{ by: linus, reason: 'my run' }] }),
    ).rejects.toMatchObject({ cause: { message: expect.stringContaining("can't approve this run") } });
    await run.executeUpdate(approveApplyUpdate, { args: [{ by: ada, reason: 'the auditors need it' }] });
    const view = await run.result();
    expect(view.status).toBe('succeeded');
    expect(view.events.find(({ kind }) => kind === 'approved')).toMatchObject({
      by: ada,
      reason: 'the auditors need it',
    });
    expect(view.policy).toEqual(verdict('soft'));
    expect(await run.query(signalReasonQuery)).toBe('the auditors need it');
  });

  test('fails without a retry window for a hard policy violation, and rejects an approval', async () => {
    const stack = world.service(withVerdict('hard'));
    const run = await world.provision(stack);
    await expect(run.result()).rejects.toMatchObject({
      cause: { type: failureTypes.policyViolation, message: expect.stringContaining('admin user') },
    });
    const view = await world.view(run);
    expect(view).toMatchObject({ status: 'failed', retryUntil: null, applied: null });
    await expect(run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] })).rejects.toThrow();
  });

  test('accepts decisions that are sent from a terminal', async () => {
    const anyone = { override: { ...sampleRule, approvers: [] } };
    const byName = await world.provision(world.service(withVerdict('soft')));
    const byReason = await world.provision(world.service({ ...withVerdict('soft'), stack: anyone }));
    const refused = await world.provision(world.service({ ...withVerdict('soft'), stack: anyone }));
    for (const run of [byName, byReason, refused]) await world.until(run, 'awaiting_approval');
    expect(await byName.query(statusQuery)).toBe('awaiting_approval');
    expect(await byName.query(progressQuery)).toBeGreaterThan(20);
    expect(await byName.query(planQuery)).toMatchObject({ counts: { add: 2 } });

    await byName.signal(approveSignal, 'ada');
    await byReason.signal(approveApplySignal, 'approving apply' as never);
    await refused.signal(denyApplySignal, 'too early');
    expect((await byName.result()).events.find(({ kind }) => kind === 'approved')).toMatchObject({
      by: { id: ada.id },
      reason: 'no reason given',
    });
    await byReason.result();
    expect(await byReason.query(signalReasonQuery)).toBe('approving apply');
    expect((await refused.result()).status).toBe('denied');
    expect(await refused.query(signalReasonQuery)).toBe('too early');
  });

  test('always requests approval to destroy a stack, and plans the destruction', async () => {
    const planned: (boolean | undefined)[] = [];
    const { samplePlan } = await import('./testing/samples.ts');
    const stack = world.service({
      terraform_plan: async ({ destroy }) => {
        planned.push(destroy);
        return { detail: '3 to destroy', tail: [], log: null, plan: samplePlan('destroy') };
      },
    });
    const run = await world.provision(stack, { destroy: true });
    const { kind } = await world.until(run, 'awaiting_approval');
    await run.executeUpdate(approveApplyUpdate, { args: [{ by: grace }] });
    expect(kind).toBe('destroy');
    expect(planned).toEqual([true]);
    expect((await run.result()).status).toBe('succeeded');
  });

  test('waits in the queue of its stack, behind the run before it', async () => {
    const stack = world.service({ stack: { approval: sampleRule } });
    const first = await world.provision(stack);
    await world.until(first, 'awaiting_approval');
    const second = await world.provision(stack);
    await world.until(second, ({ queue }) => queue?.position === 1);
    await first.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
    await world.until(second, 'awaiting_approval');
    await second.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
    expect((await second.result()).status).toBe('succeeded');
  });

  test('copies the files again when it is retried, and when its plan becomes stale', async () => {
    const inits: number[] = [];
    let tries = 0;
    const stack = world.service({
      terraform_init: async ({ attempt }) => {
        inits.push(attempt);
        return { detail: 'ready', tail: [], log: null, revision: 'f00d'.repeat(16) };
      },
      terraform_apply: async () => {
        tries += 1;
        const details = [{ hint: null, tail: [], log: null }];
        if (tries === 1)
          throw ApplicationFailure.create({ type: failureTypes.stalePlan, nonRetryable: true, details });
        if (tries === 2)
          throw ApplicationFailure.create({ type: failureTypes.applyFailed, nonRetryable: true, details });
        const applied = { added: 1, changed: 0, destroyed: 0, done: 1, total: 1, finished: [] };
        return { detail: '1 added', tail: [], log: null, applied };
      },
    });
    const run = await world.provision(stack);
    await world.until(run, ({ retryUntil }) => retryUntil !== null);
    await run.executeUpdate(retryUpdate, { args: [{ by: linus }] });
    expect((await run.result()).status).toBe('succeeded');
    expect(inits).toEqual([1, 2, 3]);
  });

  test('rejects an invalid input before it does anything', async () => {
    const start = (input: unknown) =>
      world.client.workflow.execute(provisionWorkflowType, {
        workflowId: `provision-bad-${randomUUID()}`,
        taskQueue: world.taskQueue,
        args: [input],
      });
    for (const input of [
      {},
      { stack: 'network' },
      { stack: 'network', requestedBy: linus, destroy: 'no' },
      { stack: ' ', requestedBy: linus },
    ])
      await expect(start(input)).rejects.toMatchObject({ cause: { type: failureTypes.badInput } });
  });
});
