import type { RunTarget } from '../contract/target.ts';
import type { RunState } from './run.ts';

/** Asks the catalog what the run is about; `know` keeps the answer where the handlers see it. */
export const createReadTarget =
  <Target extends RunTarget>(run: RunState, resolve: () => Promise<Target>, know: (target: Target) => void) =>
  async (): Promise<Target> => {
    const target = await resolve();
    know(target);
    run.set({ audiences: target.notify });
    return target;
  };

export type ReadTarget<Target> = () => Promise<Target>;
