import { TemporalFailure } from '@temporalio/common';
import { log } from '@temporalio/workflow';
import type { EnvironmentActivities } from '../contract/activities.ts';
import type { EnterRequest, EnvironmentView, LeaveRequest } from '../contract/environment.ts';
import type { Registered } from '../registered.ts';
import { createMessages, turnOf } from './messages.ts';
import { entered, granted, left, survivors } from './state.ts';

/** One environment: who holds it and who waits, and the messages that keep them informed. */
export const createQueue = (start: EnvironmentView, activities: Registered<EnvironmentActivities>) => {
  let state = start;
  const messages = createMessages();

  /** Hands the environment to the next run that is there to take it. */
  const grant = async (): Promise<void> => {
    while (!state.holder && state.waiting.length > 0) {
      state = granted(state);
      const { holder } = state;
      if (holder && !(await messages.turn(holder.workflowId, turnOf(state))))
        state = { ...state, holder: null };
    }
  };

  const tellPlaces = async (): Promise<void> => {
    for (let complete = false; !complete; ) {
      const { waiting, holder } = state;
      const heard = await Promise.all(
        waiting.map(({ workflowId }, index) => messages.place(workflowId, { position: index + 1, holder })),
      );
      complete = heard.every(Boolean);
      state = { ...state, waiting: waiting.filter((_, index) => heard[index]) };
    }
  };

  return {
    get state(): EnvironmentView {
      return state;
    },
    /** A fresh queue may follow one that was terminated while somebody was at work. */
    findHolder: async (): Promise<void> => {
      const { service, environment } = state;
      const [workflowId] = await activities.find_holders({ service, environment });
      if (!workflowId) return;
      state = { ...state, holder: { workflowId, requestedBy: { id: '', name: 'somebody' }, at: 0 } };
    },
    enter: async (request: EnterRequest): Promise<void> => {
      state = entered(state, request);
      // It asks again because it may have missed what it was told.
      messages.forget(request.workflowId);
      if (state.holder?.workflowId === request.workflowId)
        await messages.turn(request.workflowId, turnOf(state));
    },
    leave: (request: LeaveRequest): void => {
      state = left(state, request);
      messages.forget(request.workflowId);
    },
    /** Runs that hold or wait and are no longer open: they were terminated. */
    findLost: async (): Promise<readonly string[]> => {
      const { holder, waiting } = state;
      if (!holder || waiting.length === 0) return [];
      const workflowIds = [holder, ...waiting].map((request) => request.workflowId);
      try {
        const open = await activities.find_open_runs({ workflowIds });
        return workflowIds.filter((workflowId) => !open.includes(workflowId));
      } catch (error) {
        if (!(error instanceof TemporalFailure)) throw error;
        log.warn('could not ask which runs are open', { error: String(error) });
        return [];
      }
    },
    drop: (lost: readonly string[]): void => {
      state = survivors(state, (workflowId) => !lost.includes(workflowId));
    },
    settle: async (): Promise<void> => {
      await grant();
      await tellPlaces();
    },
  };
};
