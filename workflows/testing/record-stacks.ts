import { driftWorkflowType, getDriftScheduleId } from '../contract/drift.ts';
import { failureTypes } from '../contract/failure.ts';
import { approveApplyUpdate, retryUpdate } from '../contract/run-messages.ts';
import { ada, linus, samplePlan } from './samples.ts';
import type { TestWorld } from './test-world.ts';
import { approve, createFailure, saveHistory } from './write-history.ts';

export const recordProvisions = async (world: TestWorld) => {
  const violations = [
    { rule: 'admin_user', level: 'soft', message: 'The plan creates an admin user.' },
  ] as const;
  const verdict = { outcome: 'soft', violations } as const;
  const overridden = await world.provision(
    world.service({ evaluate_policy: async () => ({ verdict, digest: 'digest-soft' }) }),
  );
  await world.until(overridden, 'awaiting_approval');
  await overridden.executeUpdate(approveApplyUpdate, { args: [{ by: ada, reason: 'the audit' }] });
  await overridden.result();
  await saveHistory('provision-overridden', overridden);

  const applies = [
    createFailure(failureTypes.stalePlan, 'the state changed after the plan'),
    createFailure(failureTypes.applyFailed, 'no quota'),
  ];
  const destroyed = await world.provision(
    world.service({
      terraform_apply: async () => {
        const error = applies.shift();
        if (error) throw error;
        const applied = { added: 0, changed: 0, destroyed: 2, done: 2, total: 2, finished: [] };
        return { detail: '2 destroyed', tail: [], log: null, applied };
      },
    }),
    { destroy: true },
  );
  for (let plans = 0; plans < 3; plans += 1) {
    await world.until(
      destroyed,
      ({ status, approval }) => status === 'awaiting_approval' && approval?.decision === null,
    );
    await approve(destroyed);
    if (plans === 0) continue;
    if (plans === 1) {
      await world.until(destroyed, ({ retryUntil }) => retryUntil !== null);
      await destroyed.executeUpdate(retryUpdate, { args: [{ by: linus }] });
    }
  }
  await destroyed.result();
  await saveHistory('provision-destroyed', destroyed);
};

export const recordDrift = async (world: TestWorld) => {
  const digests = ['a', 'b'];
  const stack = world.service({
    look_for_drift: async () => ({
      kind: 'drifted',
      digest: digests.shift() ?? '',
      summary: samplePlan('1').summary,
    }),
  });
  const input = { workflowId: getDriftScheduleId(stack), taskQueue: world.taskQueue, args: [{ stack }] };
  const run = await world.client.workflow.start(driftWorkflowType, input);
  await run.result();
  await saveHistory('drift-told', run);
};
