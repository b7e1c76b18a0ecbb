import { getExternalWorkflowHandle } from '@temporalio/workflow';
import {
  type EnvironmentView,
  type LockGrant,
  lockGrantedSignal,
  type QueuePosition,
  queuePositionSignal,
} from '../contract/environment.ts';

export const toLockGrant = ({ applied, unfinished, holder }: EnvironmentView): LockGrant => ({
  lastApplied: applied[0] ?? null,
  unfinished,
  ...(holder?.attempt === undefined ? {} : { attempt: holder.attempt }),
});

/** Both say whether the run is there to hear it. */
export const createRunMessenger = () => {
  const told = new Map<string, string>();
  return {
    turn: async (workflowId: string, turn: LockGrant): Promise<boolean> => {
      told.delete(workflowId);
      try {
        await getExternalWorkflowHandle(workflowId).signal(lockGrantedSignal, turn);
        return true;
      } catch {
        // It has closed.
        return false;
      }
    },
    /** Says nothing that the run has heard before. */
    place: async (workflowId: string, place: QueuePosition): Promise<boolean> => {
      const said = JSON.stringify([place.position, place.holder?.workflowId]);
      if (told.get(workflowId) === said) return true;
      told.set(workflowId, said);
      try {
        await getExternalWorkflowHandle(workflowId).signal(queuePositionSignal, place);
        return true;
      } catch {
        told.delete(workflowId);
        return false;
      }
    },
    forget: (workflowId: string): void => {
      told.delete(workflowId);
    },
  };
};
