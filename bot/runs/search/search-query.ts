import type { RunStatus } from '../../../workflows/contract/run-status.ts';
import { quoteQueryValue, searchAttributes } from '../../../workflows/contract/search-attributes.ts';
import type { RunQueues } from '../../../workflows/contract/task-queues.ts';
import { ourRuns } from '../our-runs.ts';
import type { RunSearch } from '../port.ts';

const underWay: ReadonlySet<RunStatus> = new Set(['queued', 'running', 'applying']);

/** Runs of such a status are not told apart by Temporal's list, but by what the bot sees of them. */
export const isUnderWay = (status: RunStatus | undefined): boolean =>
  status !== undefined && underWay.has(status);

const moment = (at: number): string => quoteQueryValue(new Date(at).toISOString());

const statusTerms = (status: RunStatus): readonly string[] => {
  if (isUnderWay(status)) return [`ExecutionStatus = 'Running'`];
  const told = `${searchAttributes.status.name} = ${quoteQueryValue(status)}`;
  // One that was terminated while it waited waits no more.
  return status === 'awaiting_approval' ? [told, `ExecutionStatus = 'Running'`] : [told];
};

/** The search in the words of Temporal's list; what people typed is always quoted. */
export const searchQuery = (search: RunSearch, queues: RunQueues): string => {
  const { service, environment, requester, status, since, until } = search;
  const terms = [
    `(${ourRuns(queues)})`,
    ...(service === undefined ? [] : [`${searchAttributes.service.name} = ${quoteQueryValue(service)}`]),
    ...(environment === undefined
      ? []
      : [`${searchAttributes.environment.name} = ${quoteQueryValue(environment)}`]),
    ...(requester === undefined
      ? []
      : [`${searchAttributes.requester.name} = ${quoteQueryValue(requester)}`]),
    ...(status === undefined ? [] : statusTerms(status)),
    ...(since === undefined ? [] : [`StartTime >= ${moment(since)}`]),
    ...(until === undefined ? [] : [`StartTime < ${moment(until)}`]),
  ];
  return terms.join(' AND ');
};
