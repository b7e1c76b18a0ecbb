import { setTimeout as pause } from 'node:timers/promises';
import { assert, type Run, type Scenario } from './scenario.ts';

const lookMs = 200;

/** What the newest failed attempt of a running activity said; null while none has failed. */
const lastFailure = async (run: Run): Promise<string | null> => {
  const { raw } = await run.describe();
  return raw.pendingActivities?.[0]?.lastFailure?.message ?? null;
};

/** The worker that runs the plan has a bug; another takes over where it failed. */
export const recoverableFailure: Scenario = async (scene) => {
  scene.say('Starting a worker whose terraform_plan has a bug.');
  await scene.work('broken');
  const run = await scene.provision('network');
  let said = await lastFailure(run);
  while (said === null) {
    await pause(lookMs);
    said = await lastFailure(run);
  }
  assert(said.includes('a bug'), `it failed otherwise: ${said}`);
  scene.say(`terraform_plan failed: ${said}`);
  scene.show('workflow describe', run);
  scene.say('The bug is mended. Replacing the worker; the run knows how far it was.');
  await scene.work('mended');
  await scene.until(run, 'succeeded');
};
