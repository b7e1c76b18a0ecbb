import { CancelledFailure } from '@temporalio/common';
import {
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  log,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import {
  environmentWorkflowId,
  type LockGrant,
  type LockRelease,
  type LockRequest,
  lockGrantedSignal,
  lockReleasedSignal,
  queuePositionSignal,
} from '../contract/environment.ts';
import { readAppliedRecord } from '../contract/stored-views.ts';
import { toEnvironmentKey } from '../contract/target.ts';
import type { WorkflowTimeouts } from '../timeouts.ts';
import type { CommonActivities } from './proxies.ts';
import type { RunState } from './run.ts';

/** A run's place in its environment's queue. */
export const createEnvironmentLock = (
  run: RunState,
  activities: Pick<CommonActivities, 'enter_environment'>,
  limits: WorkflowTimeouts,
) => {
  const { workflowId, requestedBy } = run.view;
  const { service, environment } = toEnvironmentKey(run.view);
  const queue = () => getExternalWorkflowHandle(environmentWorkflowId(service, environment));
  const held: { turn: LockGrant | null; request: LockRequest | null; leaving: boolean } = {
    turn: null,
    request: null,
    leaving: false,
  };

  /** Compared rather than the time, which a replay may tell otherwise after a local activity. */
  let attempts = 0;

  /** Gives back a turn for which nobody waits any more: the run was cancelled when it came. */
  const refuse = (attempt: number): Promise<void> =>
    CancellationScope.nonCancellable(async () => {
      try {
        await queue().signal(lockReleasedSignal, { workflowId, applied: null, unfinished: false, attempt });
      } catch (error) {
        log.warn('no queue to give the turn back to', { error: String(error) });
      }
    });

  setHandler(lockGrantedSignal, (turn) => {
    if (held.request && (turn.attempt ?? attempts) === attempts)
      held.turn = { ...turn, lastApplied: readAppliedRecord(turn.lastApplied) };
    // While it leaves, what it leaves behind says the same, and more.
    else if (turn.attempt !== undefined && !held.leaving) void refuse(turn.attempt);
  });
  setHandler(queuePositionSignal, (place) => {
    if (!held.request || held.turn) return;
    const behind = place.holder?.workflowId ?? null;
    const before = run.view.queue;
    run.set({ queue: place });
    if (before?.position === place.position && before.holder?.workflowId === behind) return;
    run.record({ kind: 'queued', position: place.position, behind });
  });

  const enter = (request: LockRequest) => activities.enter_environment({ service, environment, request });

  return {
    /** Waits for the turn. It asks again and again, because the queue itself may have been terminated. */
    enter: async (): Promise<LockGrant> => {
      attempts += 1;
      const request = { workflowId, requestedBy, at: run.now(), attempt: attempts };
      held.turn = null;
      if (CancellationScope.current().consideredCancelled)
        throw new CancelledFailure('cancelled before it entered the queue');
      held.request = request;
      for (let round = 0; held.turn === null; round += 1) {
        await enter(request);
        const pause = limits.requeueBackoffMs[Math.min(round, limits.requeueBackoffMs.length - 1)] ?? 60_000;
        await condition(() => held.turn !== null, pause);
      }
      run.set({ queue: null });
      return held.turn;
    },
    /** Gives the environment back, or the place in its queue. */
    leave: async (left: Omit<LockRelease, 'workflowId'>): Promise<void> => {
      const { request } = held;
      if (!request) return;
      held.request = null;
      held.leaving = true;
      run.set({ queue: null });
      while (held.leaving) {
        try {
          await queue().signal(lockReleasedSignal, { workflowId, ...left });
          held.leaving = false;
        } catch {
          // The queue is gone: a fresh one must still learn what was applied.
          await enter(request);
          await sleep(limits.retryIntervalMs);
        }
      }
    },
  };
};

export type EnvironmentLock = ReturnType<typeof createEnvironmentLock>;
