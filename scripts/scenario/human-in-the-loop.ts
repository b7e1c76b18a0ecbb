import { approveApplyUpdate, signalReasonQuery } from '../../workflows/contract/run-messages.ts';
import { ada, assert, type Run, type Scenario, type ScenarioContext } from './scenario.ts';

const reason = 'the auditors need an admin until Friday';

const waitForApprovalRequest = async (scene: ScenarioContext): Promise<Run> => {
  await scene.startWorker();
  const run = await scene.provision('admin-user');
  const { policy } = await scene.waitFor(run, 'awaiting_approval');
  assert(policy?.outcome === 'soft', 'the policy found no violation');
  for (const { message } of policy.violations) scene.say(`  policy warning: ${message}`);
  return run;
};

const checkDecision = async (scene: ScenarioContext, run: Run): Promise<void> => {
  const view = await scene.waitFor(run, 'succeeded');
  const approved = view.events.find(({ kind }) => kind === 'approved');
  assert(
    approved?.kind === 'approved' && approved.by.id === ada.id && approved.reason === reason,
    'the decision was not recorded',
  );
  const answer = await run.query(signalReasonQuery);
  assert(answer === reason, 'get_signal_reason does not answer with the reason');
  scene.say(`get_signal_reason answers: ${answer}`);
  scene.showCommand('workflow query --type get_signal_reason', run);
};

/** The decision is a signal: Temporal accepts it, and returns no result. */
export const humanInTheLoopSignal: Scenario = async (scene) => {
  const run = await waitForApprovalRequest(scene);
  const decision = { by: ada, reason };
  scene.showCommand(`workflow signal --name approve_apply --input '${JSON.stringify(decision)}'`, run);
  await run.signal('approve_apply', decision);
  await checkDecision(scene, run);
};

/** The decision is an update: the run answers it, and rejects an invalid one. */
export const humanInTheLoopUpdate: Scenario = async (scene) => {
  const run = await waitForApprovalRequest(scene);
  const refused = await run.executeUpdate(approveApplyUpdate, { args: [{ by: ada }] }).then(
    () => null,
    (error: Error) => (error.cause instanceof Error ? error.cause.message : error.message),
  );
  assert(refused !== null, 'an override without a reason was accepted');
  scene.say(`An approval without a reason is refused: ${refused}`);
  const decision = { by: ada, reason };
  scene.showCommand(
    `workflow update execute --name approve_apply --input '${JSON.stringify(decision)}'`,
    run,
  );
  await run.executeUpdate(approveApplyUpdate, { args: [decision] });
  await checkDecision(scene, run);
};
