import { CancellationScope } from '@temporalio/workflow';
import type { Person } from '../contract/person.ts';

/** Who wanted the run to stop; `by` is null when it came from Temporal's own UI or CLI. */
export interface CancelRequest {
  readonly by: Person | null;
  readonly reason: string | null;
}

/** Stops the work of a run while its handlers, its clean-up and its notices go on. */
export const createCancellation = () => {
  let scope: CancellationScope | null = null;
  let request: CancelRequest | null = null;
  return {
    get request(): CancelRequest | null {
      return request;
    },
    ask: (wanted: CancelRequest): void => {
      request ??= wanted;
      scope?.cancel();
    },
    forget: (): void => {
      request = null;
    },
    /** Runs work that `ask` stops, also when it was asked before the work began. */
    guard: async <Result>(work: () => Promise<Result>): Promise<Result> => {
      const inner = new CancellationScope();
      scope = inner;
      if (request) inner.cancel();
      try {
        return await inner.run(work);
      } finally {
        scope = null;
      }
    },
  };
};

export type Cancellation = ReturnType<typeof createCancellation>;
