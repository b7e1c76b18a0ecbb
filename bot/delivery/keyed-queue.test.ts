import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKeyedQueue } from './keyed-queue.ts';

const tick = () => new Promise((resolve) => setImmediate(resolve));

test('a key has one job at a time, and those who wait share the next one', async () => {
  const turns = createKeyedQueue<number>();
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
  const first = turns('a', job);
  await tick();
  expect(await Promise.all([first, turns('a', job), turns('a', job)])).toEqual([1, 2, 2]);
});

test('a job that fails fails for those who asked, and not for the next', async () => {
  const turns = createKeyedQueue<string>();
  await expect(turns('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(turns('a', () => Promise.resolve('yes'))).resolves.toBe('yes');
});

test('whoever asks after a change gets an answer that has seen it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(3), { minLength: 1, maxLength: 20 }), async (pauses) => {
      const turns = createKeyedQueue<number>();
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
        answers.push(turns('k', job).then((read) => read >= asked));
        for (let step = 0; step < pause; step += 1) await tick();
      }
      expect((await Promise.all(answers)).every(Boolean)).toBe(true);
    }),
    { numRuns: 50 },
  );
});
