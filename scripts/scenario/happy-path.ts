import { must, type Play } from './scenario.ts';

/** A network is made, and its outputs come back. */
export const happyPath: Play = async (scene) => {
  await scene.work();
  const run = await scene.provision('network');
  const view = await scene.until(run, 'succeeded');
  must(view.approval === null, 'somebody was asked');
  for (const { name, value } of view.outputs) scene.say(`  ${name} = ${value ?? '(sensitive)'}`);
  scene.say('The same from a terminal, while a worker runs:');
  scene.show('workflow query --type get_progress', run);
  scene.show('workflow query --type get_plan', run);
};
