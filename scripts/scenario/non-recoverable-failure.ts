import { approveApplyUpdate } from '../../workflows/contract/run-messages.ts';
import { ada, assert, type Scenario, type ScenarioContext } from './scenario.ts';

const untilItFails = async (scene: ScenarioContext, stack: string, type: string): Promise<void> => {
  const run = await scene.provision(stack);
  const { failure, applied } = await scene.until(run, 'failed');
  assert(failure?.type === type, `it failed with ${failure?.type}: ${failure?.message}`);
  assert(applied === null, 'something was applied');
  scene.say(`${failure.type}: ${failure.message}`);
  if (failure.hint) scene.say(`  ${failure.hint}`);
  const override = { by: ada, reason: 'I insist' };
  const taken = await run.executeUpdate(approveApplyUpdate, { args: [override] }).then(
    () => true,
    () => false,
  );
  assert(!taken, 'an approval was taken');
  scene.say('Approving it comes to nothing.');
  scene.show('workflow show', run);
};

/** No attempt can succeed, so none is made: the policy forbids the one, and the other lacks credentials. */
export const nonRecoverableFailure: Scenario = async (scene) => {
  await scene.work();
  await untilItFails(scene, 'account-owner', 'PolicyViolation');
  await untilItFails(scene, 'tcloud-namespace', 'MissingCredentials');
};
