import { createDemo } from '../scripts/demo/create-demo.ts';
import { getDemoPaths } from '../scripts/demo/paths.ts';
import { type BenchStack, withBenchStack } from './bench-stack.ts';
import { requireTerraform } from './need-terraform.ts';
import type { Figure } from './results.ts';
import { clickApprove, findRun, reaches, typeDeploy } from './runs.ts';

const measure = async (stack: BenchStack): Promise<readonly Figure[]> => {
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

/** Measures the history that a deployment of the demo leaves in Temporal. */
export const bench = (): Promise<readonly Figure[]> =>
  withBenchStack(
    { worker: true, prepare: (folder) => createDemo(requireTerraform(), getDemoPaths(folder)) },
    measure,
  );
