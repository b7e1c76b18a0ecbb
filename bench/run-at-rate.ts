import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Calls a function at a constant rate without waiting for earlier calls, as independent people do. Returns the
 * duration of each call, in ms.
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
