import type { WorkflowExecutionInfo } from '@temporalio/client';
import { hasEnded, type RunStatus, runStatuses } from '../../../workflows/contract/run-status.ts';
import { searchAttributes } from '../../../workflows/contract/search-attributes.ts';
import { fromEnvironmentKey } from '../../../workflows/contract/target.ts';
import type { LiveRun } from '../../cards/listed-run.ts';
import { type ListedRun, toListedRun } from '../../cards/listed-run.ts';

const closedAs: Readonly<Record<string, RunStatus>> = { CANCELLED: 'cancelled', FAILED: 'failed' };

/** A run that is under way says so in its view alone: such a change is not worth an event in its history. */
const statusOf = ({ status, typedSearchAttributes }: WorkflowExecutionInfo): RunStatus => {
  const word = typedSearchAttributes.get(searchAttributes.status);
  const known = runStatuses.find((one) => one === word);
  if (known !== undefined && (hasEnded(known) || status.name === 'RUNNING')) return known;
  return closedAs[status.name] ?? 'running';
};

const endedOutside = ({ status }: WorkflowExecutionInfo): LiveRun['endedOutside'] => {
  if (status.name === 'TERMINATED') return 'terminated';
  return status.name === 'TIMED_OUT' ? 'timed out' : null;
};

/** A run as Temporal lists it, with what the bot has seen of it. */
export const fromTemporal = (info: WorkflowExecutionInfo, seen: LiveRun | null): ListedRun => {
  const told = info.typedSearchAttributes;
  const open = info.status.name === 'RUNNING';
  // What was seen is newer than the list while a run is open, and may be older when nobody saw its end.
  if (seen !== null && (open || hasEnded(seen.view.status)))
    return { ...toListedRun(seen), endedOutside: endedOutside(info) };
  return {
    workflowId: info.workflowId,
    ...fromEnvironmentKey({
      service: told.get(searchAttributes.service) ?? info.workflowId,
      environment: told.get(searchAttributes.environment) ?? '',
    }),
    requester: seen?.view.requestedBy.name ?? told.get(searchAttributes.requester) ?? '',
    askedAt: info.startTime.getTime(),
    endedAt: info.closeTime?.getTime() ?? null,
    status: statusOf(info),
    endedOutside: endedOutside(info),
    snapshot: seen,
  };
};
