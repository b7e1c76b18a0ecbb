import { deployWorkflowType } from '../../workflows/contract/deploy.ts';
import { provisionWorkflowType } from '../../workflows/contract/provision.ts';
import { quoteQueryValue } from '../../workflows/contract/search-attributes.ts';
import type { RunQueues } from '../../workflows/contract/task-queues.ts';

const runTypes: ReadonlySet<string> = new Set([deployWorkflowType, provisionWorkflowType]);

/** Whether a workflow is a run, which has a card and can be decided on. */
export const isRunType = (workflowType: string): boolean => runTypes.has(workflowType);

/** For Temporal's list: the runs of these queues. */
export const ourRuns = ({ deploy, provision }: RunQueues): string =>
  [
    [deployWorkflowType, deploy],
    [provisionWorkflowType, provision],
  ]
    .map(
      ([type = '', queue = '']) =>
        `(WorkflowType = ${quoteQueryValue(type)} AND TaskQueue = ${quoteQueryValue(queue)})`,
    )
    .join(' OR ');
