import type { WorkflowExecutionStatusName } from '@temporalio/client';
import { deployWorkflowType } from '../../workflows/contract/deploy.ts';
import { provisionWorkflowType } from '../../workflows/contract/provision.ts';
import { quoteQueryValue } from '../../workflows/contract/search-attributes.ts';
import type { RunQueues } from '../../workflows/contract/task-queues.ts';
import type { LiveRun } from './types.ts';

const runTypes: ReadonlySet<string> = new Set([deployWorkflowType, provisionWorkflowType]);

/** True for workflows that are runs: they have a card, and people can decide on them. */
export const isRunType = (workflowType: string): boolean => runTypes.has(workflowType);

/** The visibility query that matches the runs of these task queues. */
export const toRunsQuery = ({ deploy, provision }: RunQueues): string =>
  [
    [deployWorkflowType, deploy],
    [provisionWorkflowType, provision],
  ]
    .map(
      ([type = '', queue = '']) =>
        `(WorkflowType = ${quoteQueryValue(type)} AND TaskQueue = ${quoteQueryValue(queue)})`,
    )
    .join(' OR ');

/** How Temporal closed a workflow that could not report its own end; null when it could, or still runs. */
export const toExternalEnd = (status: WorkflowExecutionStatusName): LiveRun['externalEnd'] => {
  if (status === 'TERMINATED') return 'terminated';
  return status === 'TIMED_OUT' ? 'timed out' : null;
};
