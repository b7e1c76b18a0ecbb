import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { findTemporalCli } from '../scripts/tools/find-tool.mjs';
import {
  approveApplySignal,
  approveApplyUpdate,
  approveSignal,
  denyApplySignal,
  denyApplyUpdate,
  signalReasonQuery,
} from './contract/run-messages.ts';
import type { RunView } from './contract/run-view.ts';
import type { ApprovalRule } from './contract/target.ts';
import { ada, grace, linus, sampleRule } from './testing/samples.ts';
import { createTestWorld, type Handle, type TestWorld } from './testing/test-world.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await createTestWorld({ address: inject('temporalAddress') });
});
afterAll(() => world.close());

/** A run that waits for approval under this rule. */
const asked = async (rule: Partial<ApprovalRule> = {}): Promise<Handle> => {
  const run = await world.deploy(world.service({ target: { approval: { ...sampleRule, ...rule } } }));
  await world.until(run, 'awaiting_approval');
  return run;
};

const refusalOf = async (answer: Promise<unknown>) => {
  const error = await answer.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure))
    throw new Error(`not refused: ${error}`);
  return { type: error.cause.type, message: error.cause.message };
};

const notCounted = (view: RunView) => view.events.filter((event) => event.kind === 'not_counted');
const cli = findTemporalCli() ?? 'temporal';
const run = promisify(execFile);
const temporal = async (...words: string[]): Promise<string> =>
  (await run(cli, [...words, '--address', inject('temporalAddress')])).stdout;

describe.concurrent('approval', { timeout: 180_000 }, () => {
  test('needs as many people as the environment says, and counts each of them once', async () => {
    const handle = await asked({ required: 2 });
    const first = await handle.executeUpdate(approveApplyUpdate, {
      args: [{ by: ada, reason: 'looks good' }],
    });
    expect(first).toEqual({ status: 'awaiting_approval', counted: true, message: 'approved, 1 of 2' });
    const again = await handle.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
    expect(again).toMatchObject({ counted: false, message: 'Ada has approved already, 1 of 2' });
    expect(await handle.query(signalReasonQuery)).toBe('looks good');
    const second = await handle.executeUpdate(approveApplyUpdate, { args: [{ by: grace }] });
    expect(second).toMatchObject({ status: 'applying', counted: true, message: 'approved, 2 of 2' });
    const view = await handle.result();
    expect(view.approval?.decision).toMatchObject({
      outcome: 'approved',
      votes: [{ by: ada }, { by: grace }],
    });
    expect(view.stages.find(({ name }) => name === 'approval')?.detail).toBe('approved by Ada and Grace');
  });

  test('tells whoever comes second who decided', async () => {
    const hold = Promise.withResolvers<void>();
    const service = world.service({
      terraform_output: async () => {
        await hold.promise;
        return { outputs: [] };
      },
    });
    const handle = await world.deploy(service);
    await world.until(handle, 'awaiting_approval');
    await handle.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
    const late = await handle.executeUpdate(approveApplyUpdate, { args: [{ by: grace }] });
    expect(late).toMatchObject({ counted: false, message: 'already approved by Ada' });
    const denial = await handle.executeUpdate(denyApplyUpdate, { args: [{ by: grace, reason: 'wait' }] });
    expect(denial).toMatchObject({ counted: false, message: 'already approved by Ada' });
    hold.resolve();
    expect((await handle.result()).approval?.votes).toHaveLength(1);
  });

  test('refuses whoever is no approver, and says whom to ask', async () => {
    const handle = await asked();
    const joan = { id: 'joan@example.com', name: 'Joan' };
    expect(await refusalOf(handle.executeUpdate(approveApplyUpdate, { args: [{ by: joan }] }))).toEqual({
      type: 'NotAllowed',
      message: 'Joan may not approve this. Ask ada@example.com and grace@example.com.',
    });
    expect(
      await refusalOf(handle.executeUpdate(denyApplyUpdate, { args: [{ by: joan, reason: 'no' }] })),
    ).toMatchObject({ type: 'NotAllowed' });
    expect((await world.view(handle)).status).toBe('awaiting_approval');
  });

  test('refuses whoever asked for the deployment, however the name is written', async () => {
    const service = world.service();
    const handle = await world.deploy(service, { requestedBy: ada });
    await world.until(handle, 'awaiting_approval');
    const by = { id: ' ADA@Example.com', name: 'Ada' };
    expect(await refusalOf(handle.executeUpdate(approveApplyUpdate, { args: [{ by }] }))).toMatchObject({
      type: 'NotAllowed',
      message: expect.stringContaining('somebody else must approve'),
    });
    await handle.signal(approveSignal, 'ada');
    const view = await world.until(handle, (seen) => notCounted(seen).length === 1);
    expect(view).toMatchObject({ status: 'awaiting_approval', approval: { votes: [] } });
  });

  test("takes a requester's own approval where the environment allows it", async () => {
    const service = world.service({ target: { approval: { ...sampleRule, selfApproval: true } } });
    const handle = await world.deploy(service, { requestedBy: ada });
    await world.until(handle, 'awaiting_approval');
    await handle.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
    expect((await handle.result()).status).toBe('succeeded');
  });

  test('refuses a decision on another plan than the one that stands', async () => {
    const handle = await asked();
    expect(
      await refusalOf(handle.executeUpdate(approveApplyUpdate, { args: [{ by: ada, planDigest: 'old' }] })),
    ).toEqual({
      type: 'StalePlan',
      message: 'The plan that you saw was replaced by a newer one: look at that one first.',
    });
  });

  test('refuses a request that does not say who makes it', async () => {
    const handle = await asked();
    const nobody = { reason: 'because' } as unknown as { by: typeof ada };
    expect(await refusalOf(handle.executeUpdate(approveApplyUpdate, { args: [nobody] }))).toMatchObject({
      type: 'BadRequest',
    });
  });

  test('refuses a decision before there is a plan, in words', async () => {
    const hold = Promise.withResolvers<void>();
    const service = world.service({
      perform_tests: async () => {
        await hold.promise;
        return { detail: 'ok', tail: [], log: null };
      },
    });
    const handle = await world.deploy(service);
    await world.until(handle, ({ stages }) =>
      stages.some(({ name, state }) => name === 'perform_tests' && state === 'running'),
    );
    expect(await refusalOf(handle.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] }))).toEqual({
      type: 'NotWaiting',
      message: 'This run is not waiting for approval: its plan is not ready yet.',
    });
    hold.resolve();
    await world.until(handle, 'awaiting_approval');
  });

  test('ends as denied with the reason, and applies nothing', async () => {
    let applied = false;
    const service = world.service({
      terraform_apply: async () => {
        applied = true;
        throw new Error('must not be called');
      },
    });
    const handle = await world.deploy(service);
    await world.until(handle, 'awaiting_approval');
    expect(
      await refusalOf(handle.executeUpdate(denyApplyUpdate, { args: [{ by: grace, reason: ' ' }] })),
    ).toMatchObject({
      type: 'ReasonMissing',
    });
    const answer = await handle.executeUpdate(denyApplyUpdate, {
      args: [{ by: grace, reason: 'too late today' }],
    });
    expect(answer).toEqual({ status: 'denied', counted: true, message: 'denied: too late today' });
    const view = await handle.result();
    expect(view).toMatchObject({
      status: 'denied',
      failure: null,
      approval: { decision: { outcome: 'denied', by: grace, reason: 'too late today' } },
    });
    expect(view.stages.find(({ name }) => name === 'approval')).toMatchObject({
      state: 'failed',
      detail: 'denied by Grace: too late today',
    });
    expect(applied).toBe(false);
    expect(await handle.query(signalReasonQuery)).toBe('too late today');
  });

  test('reminds people, then expires with nothing applied', async () => {
    const handle = await world.deploy(
      world.service({ target: { approval: { ...sampleRule, timeoutMs: 8_000 } } }),
    );
    const view = await handle.result();
    expect(view).toMatchObject({ status: 'expired', applied: null });
    expect(view.events.map(({ kind }) => kind).slice(-3)).toEqual(['question', 'reminded', 'expired']);
    expect(world.told(handle.workflowId)).toEqual(['opened', 'question', 'reminder', 'finished']);
  });

  test('counts a decision once when it comes as update and again as signal', async () => {
    const handle = await asked({ required: 2 });
    const key = `slack:C1:${randomUUID()}`;
    await handle.executeUpdate(approveApplyUpdate, { args: [{ by: ada }], updateId: key });
    await handle.signal(approveApplySignal, { by: ada, key });
    await handle.signal(approveApplySignal, { by: grace, key: 'other', reason: 'fine' });
    const same = await handle.executeUpdate(approveApplyUpdate, { args: [{ by: grace }], updateId: 'other' });
    expect(same).toMatchObject({ counted: true, message: 'approved, 2 of 2' });
    const view = await handle.result();
    expect(view.events.filter(({ kind }) => kind === 'approved')).toHaveLength(2);
    expect(notCounted(view)).toEqual([]);
  });

  test('takes the name of an approver by the signal that the seeds show', async () => {
    const [byString, byObject] = await Promise.all([asked(), asked()]);
    await byString.signal(approveSignal, 'ADA');
    await byObject.signal(approveSignal, { name: 'grace@example.com' });
    expect((await byString.result()).approval?.votes).toMatchObject([{ by: { id: ada.id } }]);
    expect((await byObject.result()).approval?.votes).toMatchObject([{ by: { id: grace.id } }]);
  });

  test('writes down what does not count', async () => {
    const handle = await asked();
    await handle.signal(approveSignal, 'mallory');
    await handle.signal(approveApplySignal, {});
    await handle.signal(approveApplySignal, { by: ada, planDigest: 'old' });
    await handle.signal(denyApplySignal, 'I do not say who I am');
    await handle.signal(approveSignal, 42 as unknown as string);
    const view = await world.until(handle, (seen) => notCounted(seen).length === 5);
    expect(view.status).toBe('awaiting_approval');
    expect(notCounted(view)).toMatchObject([
      { by: null, why: '"mallory" is none of the approvers' },
      { by: null, why: 'it does not say who decides' },
      { by: ada, why: expect.stringContaining('replaced by a newer one') },
      { by: null, why: 'it does not say who decides' },
      { by: null, why: 'it does not say who decides' },
    ]);
  });

  test('lets anyone decide by signal where no approvers are named', async () => {
    const [named, bare, denied] = await Promise.all([
      asked({ approvers: [] }),
      asked({ approvers: [] }),
      asked({ approvers: [] }),
    ]);
    await named.signal(approveSignal, 'somebody new');
    await bare.signal(approveApplySignal);
    await denied.signal(denyApplySignal);
    expect((await named.result()).approval?.votes).toMatchObject([{ by: { name: 'somebody new' } }]);
    expect((await bare.result()).status).toBe('succeeded');
    expect(await denied.result()).toMatchObject({
      status: 'denied',
      approval: { decision: { reason: 'no reason given' } },
    });
  });

  test('works from the Temporal command line', async () => {
    const handle = await asked();
    const id = ['--workflow-id', handle.workflowId];
    expect(await temporal('workflow', 'query', ...id, '--type', 'get_plan')).toContain('aws_instance.web');
    await temporal('workflow', 'signal', ...id, '--name', 'approve', '--input', '"ada"');
    expect(await handle.result()).toMatchObject({ status: 'succeeded', requestedBy: linus });
    expect(await temporal('workflow', 'query', ...id, '--type', 'get_current_status')).toContain('succeeded');
  });
});
