import type { ScenarioName } from '../../bot/console/chat/demo-scenarios.ts';
import { advancedVisibility } from './advanced-visibility.ts';
import { apiFailure } from './api-failure.ts';
import { humanInTheLoopSignal, humanInTheLoopUpdate } from './human-in-the-loop.ts';
import { nonRecoverableFailure } from './non-recoverable-failure.ts';
import { recoverableFailure } from './recoverable-failure.ts';
import { assert, type Scenario } from './scenario.ts';

/** A network is made, and its outputs come back. */
const happyPath: Scenario = async (scene) => {
  await scene.work();
  const run = await scene.provision('network');
  const view = await scene.until(run, 'succeeded');
  assert(view.approval === null, 'somebody was asked');
  for (const { name, value } of view.outputs) scene.say(`  ${name} = ${value ?? '(sensitive)'}`);
  scene.say('The same from a terminal, while a worker runs:');
  scene.show('workflow query --type get_progress', run);
  scene.show('workflow query --type get_plan', run);
};

/** How each scenario is played. */
export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  'happy-path': happyPath,
  'advanced-visibility': advancedVisibility,
  'human-in-the-loop-signal': humanInTheLoopSignal,
  'human-in-the-loop-update': humanInTheLoopUpdate,
  'recoverable-failure': recoverableFailure,
  'non-recoverable-failure': nonRecoverableFailure,
  'api-failure': apiFailure,
};
