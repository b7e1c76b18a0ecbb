import { awaitsVoteOf } from '../../workflows/contract/approval-rule.ts';
import type { Person } from '../../workflows/contract/person.ts';
import type { LiveRun } from './port.ts';

/** True while the run waits for an approval that this person can still give. */
export const waitsFor = ({ view, endedOutside }: LiveRun, person: Person): boolean =>
  view.status === 'awaiting_approval' &&
  endedOutside === null &&
  view.approval !== null &&
  awaitsVoteOf(view.approval, view.requestedBy, person);
