import { approveApplyUpdate, signalReasonQuery } from '../../workflows/contract/run-messages.ts';
import { ada, assert, type Run, type Scenario, type ScenarioContext } from './scenario.ts';

const reason = 'the auditors need an admin until Friday';

const untilTheQuestion = async (scene: ScenarioContext): Promise<Run> => {
  await scene.work();
  const run = await scene.provision('admin-user');
  const { policy } = await scene.until(run, 'awaiting_approval');
  assert(policy?.outcome === 'soft', 'the policy did not object');
  for (const { message } of policy.violations) scene.say(`  the policy objects: ${message}`);
  return run;
};

const afterTheAnswer = async (scene: ScenarioContext, run: Run): Promise<void> => {
  const view = await scene.until(run, 'succeeded');
  const approved = view.events.find(({ kind }) => kind === 'approved');
  assert(
    approved?.kind === 'approved' && approved.by.id === ada.id && approved.reason === reason,
    'the decision was not kept',
  );
  const asked = await run.query(signalReasonQuery);
  assert(asked === reason, 'get_signal_reason does not answer with the reason');
  scene.say(`get_signal_reason answers: ${asked}`);
  scene.show('workflow query --type get_signal_reason', run);
};

/** The decision is a signal: it is taken, and nobody hears whether it counts. */
export const humanInTheLoopSignal: Scenario = async (scene) => {
  const run = await untilTheQuestion(scene);
  const decision = { by: ada, reason };
  scene.show(`workflow signal --name approve_apply --input '${JSON.stringify(decision)}'`, run);
  await run.signal('approve_apply', decision);
  await afterTheAnswer(scene, run);
};

/** The decision is an update: it is answered, and refused when it cannot count. */
export const humanInTheLoopUpdate: Scenario = async (scene) => {
  const run = await untilTheQuestion(scene);
  const refused = await run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] }).then(
    () => null,
    (error: Error) => (error.cause instanceof Error ? error.cause.message : error.message),
  );
  assert(refused !== null, 'an override without a reason was taken');
  scene.say(`An approval without a reason is refused: ${refused}`);
  const decision = { by: ada, reason };
  scene.show(`workflow update execute --name approve_apply --input '${JSON.stringify(decision)}'`, run);
  await run.executeUpdate(approveApplyUpdate, { args: [decision] });
  await afterTheAnswer(scene, run);
};
