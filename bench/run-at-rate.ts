import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Does something at a steady rate, whether or not what was begun before has ended: people do not wait
 * for each other. Answers with how long each took, in ms.
 */
export const runAtRate = async (
  perSecond: number,
  seconds: number,
  work: (index: number) => Promise<void>,
): Promise<readonly number[]> => {
  const begin = performance.now();
  const underway: Promise<number>[] = [];
  const timed = async (index: number): Promise<number> => {
    const from = performance.now();
    await work(index);
    return performance.now() - from;
  };
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const early = begin + (index * 1000) / perSecond - performance.now();
    if (early > 0) await sleep(early);
    underway.push(timed(index));
  }
  return Promise.all(underway);
};
