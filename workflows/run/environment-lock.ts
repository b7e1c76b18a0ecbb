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
import type { RunState } from './run-state.ts';

/** The lock of a run's environment, which the workflow `environment` grants. */
export interface EnvironmentLock {
  /** Queues for the lock and waits for the grant. Repeats the request, because the queue can be terminated. */
  acquire(): Promise<LockGrant>;
  /** Releases the lock, or leaves the queue. Returns when the `environment` workflow has the message. */
  release(outcome: Omit<LockRelease, 'workflowId'>): Promise<void>;
}

export const createEnvironmentLock = (
  run: RunState,
  activities: Pick<CommonActivities, 'enter_environment'>,
  timeouts: WorkflowTimeouts,
): EnvironmentLock => {
  const { workflowId, requestedBy } = run.view;
  const { service, environment } = toEnvironmentKey(run.view);
  const getQueue = () => getExternalWorkflowHandle(environmentWorkflowId(service, environment));
  let grant: LockGrant | null = null;
  let request: LockRequest | null = null;
  let isReleasing = false;
  /** Compares attempt numbers, not timestamps: `Date.now()` can differ on replay after a local activity. */
  let attempts = 0;

  /** Releases a grant that arrived after the run was cancelled. */
  const releaseLateGrant = (attempt: number): Promise<void> =>
    CancellationScope.nonCancellable(async () => {
      try {
        await getQueue().signal(lockReleasedSignal, {
          workflowId,
          applied: null,
          unfinished: false,
          attempt,
        });
      } catch (error) {
        log.warn('environment workflow not found; lock not released', { error: String(error) });
      }
    });

  setHandler(lockGrantedSignal, (granted) => {
    if (request && (granted.attempt ?? attempts) === attempts)
      grant = { ...granted, lastApplied: readAppliedRecord(granted.lastApplied) };
    // A release already in flight covers this grant.
    else if (granted.attempt !== undefined && !isReleasing) void releaseLateGrant(granted.attempt);
  });
  setHandler(queuePositionSignal, (queue) => {
    if (!request || grant) return;
    const behind = queue.holder?.workflowId ?? null;
    const before = run.view.queue;
    run.set({ queue });
    if (before?.position === queue.position && before.holder?.workflowId === behind) return;
    run.record({ kind: 'queued', position: queue.position, behind });
  });

  const enqueue = (lockRequest: LockRequest) =>
    activities.enter_environment({ service, environment, request: lockRequest });
  const getGrant = (): LockGrant | null => grant;

  return {
    acquire: async () => {
      attempts += 1;
      const current: LockRequest = { workflowId, requestedBy, at: run.now(), attempt: attempts };
      grant = null;
      if (CancellationScope.current().consideredCancelled)
        throw new CancelledFailure('cancelled before the run entered the queue');
      request = current;
      const { requeueBackoffMs } = timeouts;
      for (let round = 0; ; round += 1) {
        await enqueue(current);
        const pauseMs = requeueBackoffMs[Math.min(round, requeueBackoffMs.length - 1)] ?? 60_000;
        await condition(() => getGrant() !== null, pauseMs);
        const granted = getGrant();
        if (!granted) continue;
        run.set({ queue: null });
        return granted;
      }
    },
    release: async (outcome) => {
      const held = request;
      if (!held) return;
      request = null;
      isReleasing = true;
      run.set({ queue: null });
      while (isReleasing) {
        try {
          await getQueue().signal(lockReleasedSignal, { workflowId, ...outcome });
          isReleasing = false;
        } catch {
          // The queue is gone. A new one must still learn what was applied.
          await enqueue(held);
          await sleep(timeouts.retryIntervalMs);
        }
      }
    },
  };
};
