import { awaitsVoteOf } from '../../workflows/contract/approval-rule.ts';
import type { Person } from '../../workflows/contract/person.ts';
import type { LiveRun } from './types.ts';

/** True while the run waits for an approval that this person can still give. */
export const awaitsDecisionFrom = ({ view, externalEnd }: LiveRun, person: Person): boolean =>
  view.status === 'awaiting_approval' &&
  externalEnd === null &&
  view.approval !== null &&
  awaitsVoteOf(view.approval, view.requestedBy, person);
