import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKeyedQueue, createLatestWinsQueue } from './keyed-queue.ts';

const tick = () => new Promise((resolve) => setImmediate(resolve));

test('a key runs one job at a time, and callers that wait share the next job', async () => {
  const queue = createKeyedQueue<number>();
  let running = 0;
  let jobs = 0;
  const job = async () => {
    running += 1;
    expect(running).toBe(1);
    await tick();
    running -= 1;
    jobs += 1;
    return jobs;
  };
  const first = queue('a', job);
  await tick();
  expect(await Promise.all([first, queue('a', job), queue('a', job)])).toEqual([1, 2, 2]);
});

test('a failed job rejects for its callers and does not affect the next job', async () => {
  const queue = createKeyedQueue<string>();
  await expect(queue('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(queue('a', () => Promise.resolve('yes'))).resolves.toBe('yes');
});

test('a caller that arrives after a change gets a result that includes the change', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(3), { minLength: 1, maxLength: 20 }), async (pauses) => {
      const queue = createKeyedQueue<number>();
      let state = 0;
      const job = async () => {
        const read = state;
        await tick();
        return read;
      };
      const answers: Promise<boolean>[] = [];
      for (const pause of pauses) {
        state += 1;
        const asked = state;
        answers.push(queue('k', job).then((read) => read >= asked));
        for (let step = 0; step < pause; step += 1) await tick();
      }
      expect((await Promise.all(answers)).every(Boolean)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test('callers that share a waiting job get it done with the latest value', async () => {
  const queue = createLatestWinsQueue<{ at: number }, number>();
  const done: number[] = [];
  const first = Promise.withResolvers<void>();
  const job = async ({ at }: { at: number }): Promise<number> => {
    done.push(at);
    if (at === 1) await first.promise;
    return at;
  };
  const one = queue('a', { at: 1 }, job);
  await new Promise((resolve) => setImmediate(resolve));
  const rest = [2, 3, 4].map((at) => queue('a', { at }, job));
  first.resolve();
  expect(await Promise.all([one, ...rest])).toEqual([1, 4, 4, 4]);
  expect(done).toEqual([1, 4]);
});
