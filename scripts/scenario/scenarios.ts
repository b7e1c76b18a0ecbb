// Separate file: the tests run every scenario.
import type { ScenarioName } from '../../bot/console/chat/demo-scenarios.ts';
import { advancedVisibility } from './advanced-visibility.ts';
import { apiFailure, nonRecoverableFailure, recoverableFailure } from './failures.ts';
import { humanInTheLoopSignal, humanInTheLoopUpdate } from './human-in-the-loop.ts';
import { assert, type Scenario } from './scenario.ts';

/** A network is provisioned, and its outputs are returned. */
const happyPath: Scenario = async (scene) => {
  await scene.startWorker();
  const run = await scene.provision('network');
  const view = await scene.waitFor(run, 'succeeded');
  assert(view.approval === null, 'an approval was requested');
  for (const { name, value } of view.outputs) scene.say(`  ${name} = ${value ?? '(sensitive)'}`);
  scene.say('The same from a terminal, while a worker runs:');
  scene.showCommand('workflow query --type get_progress', run);
  scene.showCommand('workflow query --type get_plan', run);
};

/** Every scenario by its name. */
export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  'happy-path': happyPath,
  'advanced-visibility': advancedVisibility,
  'human-in-the-loop-signal': humanInTheLoopSignal,
  'human-in-the-loop-update': humanInTheLoopUpdate,
  'recoverable-failure': recoverableFailure,
  'non-recoverable-failure': nonRecoverableFailure,
  'api-failure': apiFailure,
};
