import type { Target } from '../contract/target.ts';
import type { Activities } from './activities.ts';
import type { Run } from './run.ts';

/** Asks the catalog what the run is about; `know` keeps the answer where the handlers see it. */
export const createReadTarget =
  (run: Run, activities: Activities, know: (target: Target) => void) => async (): Promise<Target> => {
    const { service, environment } = run.view;
    const target = await activities.resolve_target({ service, environment });
    know(target);
    run.set({ audiences: target.notify });
    return target;
  };

export type ReadTarget = ReturnType<typeof createReadTarget>;
