import { CancelledFailure } from '@temporalio/common';
import {
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import {
  type EnterRequest,
  environmentWorkflowId,
  type LeaveRequest,
  leaveSignal,
  queuePlaceSignal,
  type Turn,
  turnSignal,
} from '../contract/environment.ts';
import type { Limits } from '../limits.ts';
import type { Activities } from './activities.ts';
import type { Run } from './run.ts';

/** A run's place in its environment's queue. */
export const createPlace = (run: Run, activities: Activities, limits: Limits) => {
  const { service, environment, workflowId, requestedBy } = run.view;
  const held: { turn: Turn | null; request: EnterRequest | null } = { turn: null, request: null };

  setHandler(turnSignal, (turn) => {
    // A turn that comes twice must not open the next attempt.
    if (held.request) held.turn = turn;
  });
  setHandler(queuePlaceSignal, (queue) => {
    if (!held.request || held.turn) return;
    const behind = queue.holder?.workflowId ?? null;
    const before = run.view.queue;
    run.set({ queue });
    if (before?.position === queue.position && before.holder?.workflowId === behind) return;
    run.record({ kind: 'queued', position: queue.position, behind });
  });

  const enter = (request: EnterRequest) => activities.enter_environment({ service, environment, request });

  return {
    /** Waits for the turn. It asks again and again, because the queue itself may have been terminated. */
    enter: async (): Promise<Turn> => {
      const request = { workflowId, requestedBy, at: run.now() };
      held.turn = null;
      if (CancellationScope.current().consideredCancelled)
        throw new CancelledFailure('cancelled before it entered the queue');
      held.request = request;
      for (let round = 0; held.turn === null; round += 1) {
        await enter(request);
        const pause = limits.reenter[Math.min(round, limits.reenter.length - 1)] ?? 60_000;
        await condition(() => held.turn !== null, pause);
      }
      run.set({ queue: null });
      return held.turn;
    },
    /** Gives the environment back, or the place in its queue. */
    leave: async (left: Omit<LeaveRequest, 'workflowId'>): Promise<void> => {
      const { request } = held;
      if (!request) return;
      held.request = null;
      run.set({ queue: null });
      const queue = getExternalWorkflowHandle(environmentWorkflowId(service, environment));
      for (;;) {
        try {
          return await queue.signal(leaveSignal, { workflowId, ...left });
        } catch {
          // The queue is gone: a fresh one must still learn what was applied.
          await enter(request);
          await sleep(limits.retryPause);
        }
      }
    },
  };
};

export type Place = ReturnType<typeof createPlace>;
