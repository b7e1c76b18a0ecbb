import { makeDemo } from '../scripts/demo/make-demo.ts';
import { demoPaths } from '../scripts/demo/paths.ts';
import type { Figure } from './figure.ts';
import { needTerraform } from './need-terraform.ts';
import { clickApprove, findRun, reaches, typeDeploy } from './runs.ts';
import { onStack, type Stack } from './stack.ts';

const measure = async (stack: Stack): Promise<readonly Figure[]> => {
  const run = await findRun(stack, await typeDeploy(stack, 'web production'));
  await clickApprove(stack, await reaches(run, 'awaiting_approval'));
  await run.result();
  const { historyLength, historySize = 0 } = await run.describe();
  const shared = { floor: null };
  return [
    {
      name: 'history of a deployment with approval',
      value: historyLength,
      ...shared,
      unit: 'events',
      aim: 120,
    },
    { name: 'size of that history', value: historySize / 1000, ...shared, unit: 'kB', aim: 80 },
  ];
};

/** What a deployment of the demo leaves in Temporal. */
export const bench = (): Promise<readonly Figure[]> =>
  onStack({ worker: true, prepare: (folder) => makeDemo(needTerraform(), demoPaths(folder)) }, measure);
