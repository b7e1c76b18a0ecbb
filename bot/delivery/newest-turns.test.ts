import { expect, test } from 'vitest';
import { createLatestWinsQueue } from './keyed-queue.ts';

test('those who share a waiting job get it done with the newest of what they brought', async () => {
  const turns = createLatestWinsQueue<{ at: number }, number>();
  const done: number[] = [];
  const first = Promise.withResolvers<void>();
  const job = async ({ at }: { at: number }): Promise<number> => {
    done.push(at);
    if (at === 1) await first.promise;
    return at;
  };
  const one = turns('a', { at: 1 }, job);
  await new Promise((resolve) => setImmediate(resolve));
  const rest = [2, 3, 4].map((at) => turns('a', { at }, job));
  first.resolve();
  expect(await Promise.all([one, ...rest])).toEqual([1, 4, 4, 4]);
  expect(done).toEqual([1, 4]);
});
