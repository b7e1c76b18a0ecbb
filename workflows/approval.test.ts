import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { findTemporalCli } from '../scripts/tools/find-tool.mjs';
import { refusalTypes } from './contract/failure.ts';
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

/** A deployment that waits for approval under this rule. */
const deployUntilApproval = async (rule: Partial<ApprovalRule> = {}): Promise<Handle> => {
  const run = await world.deploy(world.service({ target: { approval: { ...sampleRule, ...rule } } }));
  await world.until(run, 'awaiting_approval');
  return run;
};

const getRefusal = async (answer: Promise<unknown>) => {
  const error = await answer.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure))
    throw new Error(`not refused: ${error}`);
  return { type: error.cause.type, message: error.cause.message };
};

const getRejected = (view: RunView) => view.events.filter((event) => event.kind === 'not_counted');
const cli = findTemporalCli() ?? 'temporal';
const run = promisify(execFile);
const temporal = async (...args: string[]): Promise<string> =>
  (await run(cli, [...args, '--address', inject('temporalAddress')])).stdout;

describe.concurrent('an approval', { timeout: 180_000 }, () => {
  test('needs as many people as the environment requires, and counts each of them once', async () => {
    const handle = await deployUntilApproval({ required: 2 });
    const first = await handle.executeUpdate(approveApplyUpdate, {
      args: [{ by: ada, reason: 'looks good' }],
    });
    expect(first).toEqual({ status: 'awaiting_approval', counted: true, message: 'approved, 1 of 2' });
    const again = await handle.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
    expect(again).toMatchObject({ counted: false, message: 'Ada already approved (1 of 2)' });
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

  test('that comes second is answered with the person who decided', async () => {
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

  test('is refused to a person who is not an approver, with the names of the approvers', async () => {
    const handle = await deployUntilApproval();
    const joan = { id: 'joan@example.com', name: 'Joan' };
    expect(await getRefusal(handle.executeUpdate(approveApplyUpdate, { args: [{ by: joan }] }))).toEqual({
      type: refusalTypes.notAllowed,
      message: "You can't approve this run. Approvers: ada@example.com and grace@example.com.",
    });
    expect(
      await getRefusal(handle.executeUpdate(denyApplyUpdate, { args: [{ by: joan, reason: 'no' }] })),
    ).toMatchObject({ type: refusalTypes.notAllowed });
    expect((await world.view(handle)).status).toBe('awaiting_approval');
  });

  test('is refused to the requester, in any spelling of the email', async () => {
    const service = world.service();
    const handle = await world.deploy(service, { requestedBy: ada });
    await world.until(handle, 'awaiting_approval');
    const by = { id: ' ADA@Example.com', name: 'Ada' };
    expect(await getRefusal(handle.executeUpdate(approveApplyUpdate, { args: [{ by }] }))).toMatchObject({
      type: refusalTypes.notAllowed,
      message: expect.stringContaining('another approver must approve it'),
    });
    await handle.signal(approveSignal, 'ada');
    const view = await world.until(handle, (seen) => getRejected(seen).length === 1);
    expect(view).toMatchObject({ status: 'awaiting_approval', approval: { votes: [] } });
  });

  test('is accepted from the requester when the environment allows self-approval', async () => {
    const service = world.service({ target: { approval: { ...sampleRule, selfApproval: true } } });
    const handle = await world.deploy(service, { requestedBy: ada });
    await world.until(handle, 'awaiting_approval');
    await handle.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] });
    expect((await handle.result()).status).toBe('succeeded');
  });

  test('is refused for a plan that is not the current one', async () => {
    const handle = await deployUntilApproval();
    expect(
      await getRefusal(handle.executeUpdate(approveApplyUpdate, { args: [{ by: ada, planDigest: 'old' }] })),
    ).toEqual({
      type: refusalTypes.stalePlan,
      message: 'The plan has changed since you opened it. Review the new plan.',
    });
  });

  test('is refused without a person', async () => {
    const handle = await deployUntilApproval();
    const anonymous = { reason: 'because' } as unknown as { by: typeof ada };
    expect(await getRefusal(handle.executeUpdate(approveApplyUpdate, { args: [anonymous] }))).toMatchObject({
      type: refusalTypes.badRequest,
    });
  });

  test('is refused with the reason before there is a plan', async () => {
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
    expect(await getRefusal(handle.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] }))).toEqual({
      type: refusalTypes.notWaiting,
      message: "Can't approve: the plan is not ready yet.",
    });
    hold.resolve();
    await world.until(handle, 'awaiting_approval');
  });

  test('can be denied with a reason, and then nothing is applied', async () => {
    let applied = false;
    const service = world.service({
      terraform_apply: async () => {
        applied = true;
        throw new Error('the test expects no apply');
      },
    });
    const handle = await world.deploy(service);
    await world.until(handle, 'awaiting_approval');
    expect(
      await getRefusal(handle.executeUpdate(denyApplyUpdate, { args: [{ by: grace, reason: ' ' }] })),
    ).toMatchObject({
      type: refusalTypes.reasonMissing,
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

  test('is requested again with a reminder, then expires, and nothing is applied', async () => {
    const handle = await world.deploy(
      world.service({ target: { approval: { ...sampleRule, timeoutMs: 8_000 } } }),
    );
    const view = await handle.result();
    expect(view).toMatchObject({ status: 'expired', applied: null });
    expect(view.events.map(({ kind }) => kind).slice(-3)).toEqual(['question', 'reminded', 'expired']);
    expect(world.notified(handle.workflowId)).toEqual(['opened', 'question', 'reminder', 'finished']);
  });

  test('counts once when it arrives as an update and again as a signal', async () => {
    const handle = await deployUntilApproval({ required: 2 });
    const key = `slack:C1:${randomUUID()}`;
    await handle.executeUpdate(approveApplyUpdate, { args: [{ by: ada }], updateId: key });
    await handle.signal(approveApplySignal, { by: ada, key });
    await handle.signal(approveApplySignal, { by: grace, key: 'other', reason: 'fine' });
    const same = await handle.executeUpdate(approveApplyUpdate, { args: [{ by: grace }], updateId: 'other' });
    expect(same).toMatchObject({ counted: true, message: 'approved, 2 of 2' });
    const view = await handle.result();
    expect(view.events.filter(({ kind }) => kind === 'approved')).toHaveLength(2);
    expect(getRejected(view)).toEqual([]);
  });

  test('is accepted from the signal `approve` with the name of an approver', async () => {
    const [byString, byObject] = await Promise.all([deployUntilApproval(), deployUntilApproval()]);
    await byString.signal(approveSignal, 'ADA');
    await byObject.signal(approveSignal, { name: 'grace@example.com' });
    expect((await byString.result()).approval?.votes).toMatchObject([{ by: { id: ada.id } }]);
    expect((await byObject.result()).approval?.votes).toMatchObject([{ by: { id: grace.id } }]);
  });

  test('is recorded as rejected when a signal is refused', async () => {
    const handle = await deployUntilApproval();
    await handle.signal(approveSignal, 'mallory');
    await handle.signal(approveApplySignal, {});
    await handle.signal(approveApplySignal, { by: ada, planDigest: 'old' });
    await handle.signal(denyApplySignal, 'a denial without a person');
    await handle.signal(approveSignal, 42 as unknown as string);
    const view = await world.until(handle, (seen) => getRejected(seen).length === 5);
    expect(view.status).toBe('awaiting_approval');
    expect(getRejected(view)).toMatchObject([
      { by: null, why: '"mallory" is not an approver' },
      { by: null, why: 'the signal names no approver' },
      { by: ada, why: expect.stringContaining('The plan has changed') },
      { by: null, why: 'the signal names no approver' },
      { by: null, why: 'the signal names no approver' },
    ]);
  });

  test('is accepted from any signal when the catalog names no approvers', async () => {
    const [named, bare, denied] = await Promise.all([
      deployUntilApproval({ approvers: [] }),
      deployUntilApproval({ approvers: [] }),
      deployUntilApproval({ approvers: [] }),
    ]);
    await named.signal(approveSignal, 'a new person');
    await bare.signal(approveApplySignal);
    await denied.signal(denyApplySignal);
    expect((await named.result()).approval?.votes).toMatchObject([{ by: { name: 'a new person' } }]);
    expect((await bare.result()).status).toBe('succeeded');
    expect(await denied.result()).toMatchObject({
      status: 'denied',
      approval: { decision: { reason: 'no reason given' } },
    });
  });

  test('can be sent with the Temporal command line', async () => {
    const handle = await deployUntilApproval();
    const id = ['--workflow-id', handle.workflowId];
    expect(await temporal('workflow', 'query', ...id, '--type', 'get_plan')).toContain('aws_instance.web');
    await temporal('workflow', 'signal', ...id, '--name', 'approve', '--input', '"ada"');
    expect(await handle.result()).toMatchObject({ status: 'succeeded', requestedBy: linus });
    expect(await temporal('workflow', 'query', ...id, '--type', 'get_current_status')).toContain('succeeded');
  });
});
