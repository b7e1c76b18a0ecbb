import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { type BenchStack, withBenchStack } from './bench-stack.ts';
import { requireTerraform } from './need-terraform.ts';
import { type Figure, quantile } from './results.ts';
import { createStacks, getStackFolder, provisionOnce } from './stacks.ts';

const rounds = 7;
const resources = 200;

const script = (terraform: string, state: string): string => `set -e
${terraform} init -input=false -backend-config=path=${state}
${terraform} plan -input=false -out=plan
${terraform} show -json plan > plan.json
${terraform} apply -input=false plan
${terraform} output -json
`;

/** Seconds that the script alone takes, in a new copy of the code. */
const byHand = async (folder: string, round: number): Promise<number> => {
  const cwd = join(folder, `by-hand-${round}`);
  await cp(getStackFolder(folder), cwd, { recursive: true });
  const began = performance.now();
  await execa('sh', ['-c', script(requireTerraform(), join(cwd, 'thing.tfstate'))], {
    cwd,
    env: { TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' },
  });
  return (performance.now() - began) / 1000;
};

const measure = async (stack: BenchStack): Promise<readonly Figure[]> => {
  const ours: number[] = [];
  const floor: number[] = [];
  // Round 0 warms up.
  for (let round = 0; round <= rounds; round += 1) {
    const taken = [await provisionOnce(stack, `s${round}`), await byHand(stack.folder, round)] as const;
    if (round === 0) continue;
    ours.push(taken[0]);
    floor.push(taken[1]);
  }
  return [
    {
      name: `provision of ${resources} built-in resources, compared with a script of the same commands`,
      value: quantile(ours, 0.5),
      floor: quantile(floor, 0.5),
      unit: 's',
      aim: 1.15,
    },
  ];
};

export const bench = (): Promise<readonly Figure[]> =>
  withBenchStack({ worker: true, prepare: (folder) => createStacks(folder, rounds + 1, resources) }, measure);
