import { randomBytes } from 'node:crypto';
import { type BenchStack, withBenchStack } from './bench-stack.ts';
import { type Figure, quantile } from './results.ts';
import { createStacks, provisionOnce } from './stacks.ts';

const rounds = 15;
const resources = 20;

const encrypted = {
  ENCRYPT_PAYLOADS: 'true',
  ENCRYPTION_KEYS: `bench:${randomBytes(32).toString('base64')}`,
};

const measure = async (plain: BenchStack, sealed: BenchStack): Promise<readonly Figure[]> => {
  const without: number[] = [];
  const withKeys: number[] = [];
  // Round 0 warms up. The order alternates, so that neither has an advantage.
  for (let round = 0; round <= rounds; round += 1) {
    const turns = [
      [plain, without],
      [sealed, withKeys],
    ] as const;
    for (const [stack, taken] of round % 2 === 0 ? turns : turns.toReversed()) {
      const seconds = await provisionOnce(stack, `s${round}`);
      if (round > 0) taken.push(seconds);
    }
  }
  return [
    {
      name: 'a complete run with ENCRYPT_PAYLOADS, compared with one without',
      value: quantile(withKeys, 0.5),
      floor: quantile(without, 0.5),
      unit: 's',
      aim: 1.05,
    },
  ];
};

export const bench = (): Promise<readonly Figure[]> => {
  const setup = { worker: true, prepare: (folder: string) => createStacks(folder, rounds + 1, resources) };
  return withBenchStack(setup, (plain) =>
    withBenchStack({ ...setup, more: encrypted }, (sealed) => measure(plain, sealed)),
  );
};
