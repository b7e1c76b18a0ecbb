/** As turns, but those who share the waiting job give it something newer to work on. */
export type LatestWinsQueue<Value, Result> = (
  key: string,
  value: Value,
  job: (newest: Value) => Promise<Result>,
) => Promise<Result>;

export const createLatestWinsQueue = <Value extends object, Result>(): LatestWinsQueue<Value, Result> => {
  const turns = createKeyedQueue<Result>();
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

/** Runs a job for a key, never two at once; those who come while one waits share the waiting one. */
export type KeyedQueue<T> = (key: string, job: () => Promise<T>) => Promise<T>;

export const createKeyedQueue = <T>(): KeyedQueue<T> => {
  const running = new Map<string, Promise<unknown>>();
  const waiting = new Map<string, Promise<T>>();
  return (key, job) => {
    const shared = waiting.get(key);
    if (shared !== undefined) return shared;
    const before = running.get(key) ?? Promise.resolve();
    const turn = before.then(async () => {
      waiting.delete(key);
      const mine = job();
      // What went wrong is told to whoever asked; here only the order counts.
      const quiet = mine.then(
        () => undefined,
        () => undefined,
      );
      running.set(key, quiet);
      try {
        return await mine;
      } finally {
        if (running.get(key) === quiet) running.delete(key);
      }
    });
    waiting.set(key, turn);
    return turn;
  };
};
