import { TemporalFailure } from '@temporalio/common';
import { log } from '@temporalio/workflow';
import type { EnvironmentActivities } from '../contract/activities.ts';
import type { EnvironmentView, LockRelease, LockRequest } from '../contract/environment.ts';
import { toEnvironmentKey } from '../contract/target.ts';
import type { Registered } from '../registered-activities.ts';
import { enqueue, evictLost, grantNext, release } from './lock-state.ts';
import { createRunMessenger, toLockGrant } from './run-messenger.ts';

/** Runs that are gone, and those of them that may have left half an apply behind. */
export interface LostRuns {
  readonly gone: readonly string[];
  readonly cutShort: readonly string[];
}

const nobodyLost: LostRuns = { gone: [], cutShort: [] };

/** One environment: who holds it and who waits, and the messages that keep them informed. */
export const createLockQueue = (start: EnvironmentView, activities: Registered<EnvironmentActivities>) => {
  let state = start;
  const messages = createRunMessenger();

  /** Hands a free environment to whoever is next. Returns that run when it is not there to hear it. */
  const grant = async (): Promise<readonly string[]> => {
    const next = grantNext(state);
    if (next === state || !next.holder) return [];
    state = next;
    const { workflowId } = next.holder;
    return (await messages.turn(workflowId, toLockGrant(state))) ? [] : [workflowId];
  };

  /** Returns those who were not there to hear it. */
  const tellPlaces = async (): Promise<readonly string[]> => {
    const { waiting, holder } = state;
    const ids = waiting.map(({ workflowId }) => workflowId);
    const heard = await Promise.all(
      ids.map((id, index) => messages.place(id, { position: index + 1, holder })),
    );
    return ids.filter((_, index) => !heard[index]);
  };

  return {
    get state(): EnvironmentView {
      return state;
    },
    /** A fresh queue may follow one that was terminated while somebody was at work. */
    findHolder: async (leaver: () => string | undefined): Promise<void> => {
      const [found] = await activities.find_holders(toEnvironmentKey(state));
      // Whoever left while it was looked for was at work, and says what was applied.
      const workflowId = found ?? leaver();
      if (!workflowId) return;
      state = { ...state, holder: { workflowId, requestedBy: { id: '', name: 'somebody' }, at: 0 } };
    },
    enter: async (request: LockRequest): Promise<void> => {
      state = enqueue(state, request);
      // It asks again because it may have missed what it was told.
      messages.forget(request.workflowId);
      if (state.holder?.workflowId === request.workflowId)
        await messages.turn(request.workflowId, toLockGrant(state));
    },
    leave: (request: LockRelease): void => {
      state = release(state, request);
      messages.forget(request.workflowId);
    },
    /** Runs that hold or wait and are no longer open: they were terminated. */
    findLost: async (): Promise<LostRuns> => {
      const { holder, waiting } = state;
      if (!holder || waiting.length === 0) return nobodyLost;
      const workflowIds = [holder, ...waiting].map((request) => request.workflowId);
      try {
        const { open, cutShort } = await activities.find_open_runs({ workflowIds });
        return { gone: workflowIds.filter((workflowId) => !open.includes(workflowId)), cutShort };
      } catch (error) {
        if (!(error instanceof TemporalFailure)) throw error;
        log.warn('could not ask which runs are open', { error: String(error) });
        return nobodyLost;
      }
    },
    drop: ({ gone, cutShort }: LostRuns): void => {
      state = evictLost(state, gone, cutShort);
    },
    /** Gives the turn and tells the places; returns those who are gone. */
    settle: async (): Promise<readonly string[]> => {
      const unheard = await grant();
      return unheard.length > 0 ? unheard : tellPlaces();
    },
  };
};
