import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { EnvironmentActivities, RunActivities } from '../../workflows/contract/activities.ts';
import { deployWorkflowType } from '../../workflows/contract/deploy.ts';
import { environmentWorkflowId, lockRequestedSignal } from '../../workflows/contract/environment.ts';
import { provisionWorkflowType } from '../../workflows/contract/provision.ts';
import { runQuery } from '../../workflows/contract/run-messages.ts';
import type { RunStatus } from '../../workflows/contract/run-status.ts';
import { quoteQueryValue, searchAttributes } from '../../workflows/contract/search-attributes.ts';
import { hasStarted } from '../../workflows/contract/stage.ts';
import { type EnvironmentKey, fromEnvironmentKey } from '../../workflows/contract/target.ts';
import type { RunQueues } from '../../workflows/contract/task-queues.ts';

/** A run with one of these statuses holds its environment lock. */
const holdingStatuses: ReadonlySet<RunStatus> = new Set(['running', 'awaiting_approval', 'applying']);

/** A retryable error. A missing answer of the server must never count as an answer. */
const toRetryableError = (doing: string, cause: unknown): Error => {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(`${doing}: ${reason}`, { cause });
};

/** "web in production" or "stack network". */
const describe = (key: EnvironmentKey): string => {
  const { name, environment } = fromEnvironmentKey(key);
  return environment === null ? `stack ${name}` : `${name} in ${environment}`;
};

const isOpen = async (client: Client, workflowId: string): Promise<boolean> => {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING' || status.name === 'PAUSED';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw toRetryableError(`checking whether run ${workflowId} is open`, error);
  }
};

const holds = async (client: Client, workflowId: string): Promise<boolean> => {
  try {
    const { status } = await client.workflow.getHandle(workflowId).query(runQuery);
    return holdingStatuses.has(status);
  } catch (error) {
    // The run may have ended since it was listed; a run that is closed holds nothing.
    if (!(await isOpen(client, workflowId))) return false;
    throw toRetryableError(`checking whether run ${workflowId} holds its environment lock`, error);
  }
};

const closedRunTimeoutMs = 8_000;

/** Whether a closed run had started to apply. A run that does not answer counts as interrupted. */
const wasInterrupted = async (client: Client, workflowId: string): Promise<boolean> => {
  try {
    const { stages } = await client.withDeadline(Date.now() + closedRunTimeoutMs, () =>
      client.workflow.getHandle(workflowId).query(runQuery),
    );
    return hasStarted(stages, 'terraform_apply');
  } catch {
    return true;
  }
};

/**
 * The activities `enter_environment`, `find_open_runs` and `find_holders`, which ask Temporal about runs and
 * their locks. All errors are retried.
 */
export const createEnvironmentActivities = (
  client: Client,
  queues: RunQueues,
): RunActivities & EnvironmentActivities => ({
  enterEnvironment: async ({ service, environment, request }) => {
    const workflowId = environmentWorkflowId(service, environment);
    const isStack = fromEnvironmentKey({ service, environment }).environment === null;
    const subject = describe({ service, environment });
    try {
      await client.workflow.signalWithStart('environment', {
        workflowId,
        // The workers of the runs also serve their lock.
        taskQueue: isStack ? queues.provision : queues.deploy,
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        args: [{ service, environment }],
        signal: lockRequestedSignal,
        signalArgs: [request],
        staticSummary: `environment lock of ${subject}`,
      });
    } catch (error) {
      throw toRetryableError(`requesting the environment lock of ${subject}`, error);
    }
  },

  findOpenRuns: async ({ workflowIds }) => {
    const open = await Promise.all(workflowIds.map((workflowId) => isOpen(client, workflowId)));
    const closed = workflowIds.filter((_, index) => !open[index]);
    const cut = await Promise.all(closed.map((workflowId) => wasInterrupted(client, workflowId)));
    return {
      open: workflowIds.filter((_, index) => open[index]),
      cutShort: closed.filter((_, index) => cut[index]),
    };
  },

  findHolders: async ({ service, environment }) => {
    const query = [
      `WorkflowType IN (${quoteQueryValue(deployWorkflowType)}, ${quoteQueryValue(provisionWorkflowType)})`,
      `ExecutionStatus = 'Running'`,
      `${searchAttributes.service.name} = ${quoteQueryValue(service)}`,
      `${searchAttributes.environment.name} = ${quoteQueryValue(environment)}`,
    ].join(' AND ');
    const listed: string[] = [];
    try {
      for await (const { workflowId } of client.workflow.list({ query })) listed.push(workflowId);
    } catch (error) {
      throw toRetryableError(`listing the open runs of ${describe({ service, environment })}`, error);
    }
    const held = await Promise.all(listed.map((workflowId) => holds(client, workflowId)));
    return listed.filter((_, index) => held[index]);
  },
});
