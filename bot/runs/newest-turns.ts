import { createTurns } from './turns.ts';

/** As turns, but those who share the waiting job give it something newer to work on. */
export type NewestTurns<Value, Result> = (
  key: string,
  value: Value,
  job: (newest: Value) => Promise<Result>,
) => Promise<Result>;

export const createNewestTurns = <Value extends object, Result>(): NewestTurns<Value, Result> => {
  const turns = createTurns<Result>();
  const newest = new Map<string, Value>();
  return (key, value, job) => {
    newest.set(key, value);
    return turns(key, () => {
      const taken = newest.get(key) ?? value;
      newest.delete(key);
      return job(taken);
    });
  };
};
