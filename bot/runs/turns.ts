/** Runs a job for a key, never two at once; those who come while one waits share the waiting one. */
export type Turns<T> = (key: string, job: () => Promise<T>) => Promise<T>;

export const createTurns = <T>(): Turns<T> => {
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
