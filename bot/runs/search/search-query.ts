import type { RunStatus } from '../../../workflows/contract/run-status.ts';
import { quoteQueryValue, searchAttributes } from '../../../workflows/contract/search-attributes.ts';
import type { RunQueues } from '../../../workflows/contract/task-queues.ts';
import { toRunsQuery } from '../run-workflows.ts';
import type { RunSearch } from '../types.ts';

const activeStatuses: ReadonlySet<RunStatus> = new Set(['queued', 'running', 'applying']);

/** Active runs look the same in Temporal's list; only their snapshots tell them apart. */
export const isActiveStatus = (status: RunStatus | undefined): boolean =>
  status !== undefined && activeStatuses.has(status);

const quoteTime = (at: number): string => quoteQueryValue(new Date(at).toISOString());

const statusTerms = (status: RunStatus): readonly string[] => {
  if (isActiveStatus(status)) return [`ExecutionStatus = 'Running'`];
  const hasStatus = `${searchAttributes.status.name} = ${quoteQueryValue(status)}`;
  // A run that was terminated while it waited keeps the status attribute.
  return status === 'awaiting_approval' ? [hasStatus, `ExecutionStatus = 'Running'`] : [hasStatus];
};

/** The search as a visibility query. Typed text is always quoted. */
export const toSearchQuery = (search: RunSearch, queues: RunQueues): string => {
  const { service, environment, requester, status, since, until } = search;
  const terms = [
    `(${toRunsQuery(queues)})`,
    ...(service === undefined ? [] : [`${searchAttributes.service.name} = ${quoteQueryValue(service)}`]),
    ...(environment === undefined
      ? []
      : [`${searchAttributes.environment.name} = ${quoteQueryValue(environment)}`]),
    ...(requester === undefined
      ? []
      : [`${searchAttributes.requester.name} = ${quoteQueryValue(requester)}`]),
    ...(status === undefined ? [] : statusTerms(status)),
    ...(since === undefined ? [] : [`StartTime >= ${quoteTime(since)}`]),
    ...(until === undefined ? [] : [`StartTime < ${quoteTime(until)}`]),
  ];
  return terms.join(' AND ');
};
