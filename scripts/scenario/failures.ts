import { setTimeout as pause } from 'node:timers/promises';
import { approveApplyUpdate } from '../../workflows/contract/run-messages.ts';
import { ada, assert, type Run, type Scenario, type ScenarioContext } from './scenario.ts';

const pollIntervalMs = 200;

/** How many attempts the latest activity of a type took, from the history. */
const countAttempts = async (run: Run, type: string): Promise<number> => {
  const { events } = await run.fetchHistory();
  const scheduled = events?.findLast(
    ({ activityTaskScheduledEventAttributes: task }) => task?.activityType?.name === type,
  );
  const started = events?.findLast(
    ({ activityTaskStartedEventAttributes: task }) =>
      String(task?.scheduledEventId) === String(scheduled?.eventId),
  );
  return started?.activityTaskStartedEventAttributes?.attempt ?? 0;
};

/** The state server fails for two attempts. */
export const apiFailure: Scenario = async (scene) => {
  // Terraform reads the state once when it is set up, and once for each plan.
  scene.stateServer.fail(1, 2);
  await scene.startWorker();
  const run = await scene.provision('shared-network');
  await scene.waitFor(run, 'succeeded');
  const attempts = await countAttempts(run, 'terraform_plan');
  scene.say(
    `The server refused ${scene.stateServer.refused()} times; terraform_plan took ${attempts} attempts.`,
  );
  assert(attempts === 3, 'terraform_plan did not succeed on the third attempt');
  scene.showCommand('workflow show', run);
};

const expectFailure = async (scene: ScenarioContext, stack: string, type: string): Promise<void> => {
  const run = await scene.provision(stack);
  const { failure, applied } = await scene.waitFor(run, 'failed');
  assert(failure?.type === type, `the run failed with ${failure?.type}: ${failure?.message}`);
  assert(applied === null, 'something was applied');
  scene.say(`${failure.type}: ${failure.message}`);
  if (failure.hint) scene.say(`  ${failure.hint}`);
  const override = { by: ada, reason: 'I insist' };
  const accepted = await run.executeUpdate(approveApplyUpdate, { args: [override] }).then(
    () => true,
    () => false,
  );
  assert(!accepted, 'an approval was accepted');
  scene.say('Approval is rejected.');
  scene.showCommand('workflow show', run);
};

/** Nothing is retried, because no attempt can succeed: one run violates the policy, the other lacks credentials. */
export const nonRecoverableFailure: Scenario = async (scene) => {
  await scene.startWorker();
  await expectFailure(scene, 'account-owner', 'PolicyViolation');
  await expectFailure(scene, 'tcloud-namespace', 'MissingCredentials');
};

/** The error of the latest failed attempt of a running activity; null while none has failed. */
const lastFailure = async (run: Run): Promise<string | null> => {
  const { raw } = await run.describe();
  return raw.pendingActivities?.[0]?.lastFailure?.message ?? null;
};

/** The worker that runs the plan has a bug; a fixed worker continues from the failed activity. */
export const recoverableFailure: Scenario = async (scene) => {
  scene.say('Starting a worker whose terraform_plan has a bug.');
  await scene.startWorker('broken');
  const run = await scene.provision('network');
  let message = await lastFailure(run);
  while (message === null) {
    await pause(pollIntervalMs);
    message = await lastFailure(run);
  }
  assert(message.includes('a bug'), `terraform_plan failed for another reason: ${message}`);
  scene.say(`terraform_plan failed: ${message}`);
  scene.showCommand('workflow describe', run);
  scene.say('Bug fixed. Restarting the worker; the run resumes where it stopped.');
  await scene.startWorker('fixed');
  await scene.waitFor(run, 'succeeded');
};
