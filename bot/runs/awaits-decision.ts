import type { Person } from '../../workflows/contract/person.ts';
import { checkApprove } from '../commands/handling/precheck-decision.ts';
import type { LiveRun } from './types.ts';

/** True when the run waits for a word that this person may still give. */
export const awaitsDecisionFrom = ({ view, externalEnd }: LiveRun, person: Person): boolean => {
  const { approval, status } = view;
  if (status !== 'awaiting_approval' || approval === null || externalEnd !== null) return false;
  if (approval.decision !== null || approval.votes.some(({ by }) => by.id === person.id)) return false;
  return checkApprove(view, person).allowed;
};
