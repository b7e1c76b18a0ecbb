import { join } from 'node:path';
import { changes } from '../scripts/demo/changes.ts';
import { createDemo } from '../scripts/demo/create-demo.ts';
import { git } from '../scripts/demo/git.ts';
import { getDemoPaths } from '../scripts/demo/paths.ts';
import { pushChange } from '../scripts/demo/repository.ts';
import { type BenchStack, withBenchStack } from './bench-stack.ts';
import { createManualRun } from './manual-run.ts';
import { requireTerraform } from './need-terraform.ts';
import { type Figure, quantile } from './results.ts';
import { findRun, typeDeploy } from './runs.ts';

const rounds = 5;

const pushCommit = async (repository: string): Promise<string> => {
  const change = changes.find(({ name }) => name === 'text');
  if (!change) throw new Error('the demo has no change named text');
  await pushChange(repository, change);
  return git(repository, ['rev-parse', 'main']);
};

/** Seconds from the command in Slack until the run is closed and its notifications are delivered. */
const deployOnce = async (stack: BenchStack): Promise<number> => {
  const typed = Date.now();
  const run = await findRun(stack, await typeDeploy(stack, 'web preview'));
  const { status } = await run.result();
  if (status !== 'succeeded') throw new Error(`the deployment is ${status}`);
  const { closeTime } = await run.describe();
  return ((closeTime?.getTime() ?? Number.NaN) - typed) / 1000;
};

const measure = async (stack: BenchStack): Promise<readonly Figure[]> => {
  const { repository } = getDemoPaths(stack.folder);
  const byHand = await createManualRun(repository, join(stack.folder, 'by-hand'));
  const taken = { ours: [] as number[], floor: [] as number[] };
  const images: string[] = [];
  // Round 0 clones, fills caches and creates the infrastructure; each later round has one change.
  for (let round = 0; round <= rounds; round += 1) {
    const commit = await pushCommit(repository);
    images.push(...['web', 'by-hand'].map((name) => `${name}:${commit.slice(0, 12)}`));
    const ours = await deployOnce(stack);
    const begin = performance.now();
    await byHand.deploy(commit);
    if (round === 0) continue;
    taken.ours.push(ours);
    taken.floor.push((performance.now() - begin) / 1000);
  }
  await byHand.removeImages(images);
  return [
    {
      name: 'complete deployment of the demo, compared with a shell script of the same steps',
      value: quantile(taken.ours, 0.5),
      floor: quantile(taken.floor, 0.5),
      unit: 's',
      aim: 1,
    },
  ];
};

/** Deploys the demo to its preview, with a new commit each time. */
export const bench = (): Promise<readonly Figure[]> =>
  withBenchStack(
    { worker: true, prepare: (folder) => createDemo(requireTerraform(), getDemoPaths(folder)) },
    measure,
  );
