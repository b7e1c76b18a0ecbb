/** What was begun and is not finished: a chat's own library waits for nothing that was acknowledged. */
export interface PendingWork {
  track<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing is in flight. */
  settled(): Promise<void>;
}

export const createPendingWork = (): PendingWork => {
  const running = new Set<Promise<unknown>>();
  return {
    async track(work) {
      const promise = work();
      running.add(promise);
      try {
        return await promise;
      } finally {
        running.delete(promise);
      }
    },
    async settled() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
};
