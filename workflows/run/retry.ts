import { condition } from '@temporalio/workflow';
import type { Person } from '../contract/person.ts';
import type { RunState } from './run.ts';

/** Keeps a failed run open for a while, so that somebody can mend the cause and go on. */
export const createRetry = (run: RunState, windowMs: number) => {
  let asked: Person | null = null;
  return {
    isOpen: (): boolean => {
      const { retryUntil } = run.view;
      return asked === null && retryUntil !== null && run.now() < retryUntil;
    },
    whyNot: (): string =>
      run.view.status === 'failed' ? 'the time to retry is over' : `it has not failed (${run.view.status})`,
    ask: (by: Person): void => {
      asked = by;
    },
    /** Who wants it, or null when nobody did in time or `stop` came first. */
    wait: async (stop: () => boolean): Promise<Person | null> => {
      asked = null;
      run.set({ retryUntil: run.now() + windowMs });
      await condition(() => asked !== null || stop(), windowMs);
      run.set({ retryUntil: null });
      return asked;
    },
  };
};

export type Retry = ReturnType<typeof createRetry>;
