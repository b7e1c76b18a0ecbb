import { getExternalWorkflowHandle } from '@temporalio/workflow';
import {
  type EnvironmentView,
  type LockGrant,
  lockGrantedSignal,
  type QueuePosition,
  queuePositionSignal,
} from '../contract/environment.ts';

/** The grant for the run that holds the lock. */
export const toLockGrant = ({ applied, unfinished, holder }: EnvironmentView): LockGrant => ({
  lastApplied: applied[0] ?? null,
  unfinished,
  ...(holder?.attempt === undefined ? {} : { attempt: holder.attempt }),
});

/** Sends an environment's signals to its runs. Both senders return false when Temporal has closed the run. */
export interface RunMessenger {
  sendGrant(workflowId: string, grant: LockGrant): Promise<boolean>;
  /** Skips a position that the run has already. */
  sendPosition(workflowId: string, position: QueuePosition): Promise<boolean>;
  /** Sends the next position even when it is the same. */
  forget(workflowId: string): void;
}

export const createRunMessenger = (): RunMessenger => {
  const lastPositions = new Map<string, string>();
  return {
    sendGrant: async (workflowId, grant) => {
      lastPositions.delete(workflowId);
      try {
        await getExternalWorkflowHandle(workflowId).signal(lockGrantedSignal, grant);
        return true;
      } catch {
        // The run is closed; the caller evicts it.
        return false;
      }
    },
    sendPosition: async (workflowId, position) => {
      const key = JSON.stringify([position.position, position.holder?.workflowId]);
      if (lastPositions.get(workflowId) === key) return true;
      lastPositions.set(workflowId, key);
      try {
        await getExternalWorkflowHandle(workflowId).signal(queuePositionSignal, position);
        return true;
      } catch {
        lastPositions.delete(workflowId);
        return false;
      }
    },
    forget: (workflowId) => {
      lastPositions.delete(workflowId);
    },
  };
};
