/** Runs one job at a time for each key. Callers that arrive while a job waits share that job. */
export type KeyedQueue<T> = (key: string, job: () => Promise<T>) => Promise<T>;

export const createKeyedQueue = <T>(): KeyedQueue<T> => {
  const running = new Map<string, Promise<unknown>>();
  const waiting = new Map<string, Promise<T>>();
  return (key, job) => {
    const shared = waiting.get(key);
    if (shared !== undefined) return shared;
    const previous = running.get(key) ?? Promise.resolve();
    const next = previous.then(async () => {
      waiting.delete(key);
      const result = job();
      // Callers handle the error. Only the order matters here.
      const settled = result.then(
        () => undefined,
        () => undefined,
      );
      running.set(key, settled);
      try {
        return await result;
      } finally {
        if (running.get(key) === settled) running.delete(key);
      }
    });
    waiting.set(key, next);
    return next;
  };
};

/** A keyed queue whose waiting job gets the value of the last caller. */
export type LatestWinsQueue<Value, Result> = (
  key: string,
  value: Value,
  job: (latest: Value) => Promise<Result>,
) => Promise<Result>;

export const createLatestWinsQueue = <Value extends object, Result>(): LatestWinsQueue<Value, Result> => {
  const queue = createKeyedQueue<Result>();
  const latest = new Map<string, Value>();
  return (key, value, job) => {
    latest.set(key, value);
    return queue(key, () => {
      const taken = latest.get(key) ?? value;
      latest.delete(key);
      return job(taken);
    });
  };
};
