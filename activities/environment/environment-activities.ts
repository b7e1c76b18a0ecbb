import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { EnvironmentActivities, RunActivities } from '../../workflows/contract/activities.ts';
import { deployWorkflowType } from '../../workflows/contract/deploy.ts';
import { environmentWorkflowId, lockRequestedSignal } from '../../workflows/contract/environment.ts';
import { provisionWorkflowType } from '../../workflows/contract/provision.ts';
import { runQuery } from '../../workflows/contract/run-messages.ts';
import type { RunStatus } from '../../workflows/contract/run-status.ts';
import { quoteQueryValue, searchAttributes } from '../../workflows/contract/search-attributes.ts';
import { hasStarted } from '../../workflows/contract/stage.ts';
import { fromEnvironmentKey } from '../../workflows/contract/target.ts';
import type { RunQueues } from '../../workflows/contract/task-queues.ts';

/** A run that is past the queue and has not given the environment back. */
const holding: ReadonlySet<RunStatus> = new Set(['running', 'awaiting_approval', 'applying']);

/** Retryable, with what was being done: what the server did not say is never taken for an answer. */
const unanswered = (doing: string, cause: unknown): Error => {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(`${doing}: ${reason}`, { cause });
};

const isOpen = async (client: Client, workflowId: string): Promise<boolean> => {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING' || status.name === 'PAUSED';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw unanswered(`asking whether run ${workflowId} is open`, error);
  }
};

const holds = async (client: Client, workflowId: string): Promise<boolean> => {
  try {
    const { status } = await client.workflow.getHandle(workflowId).query(runQuery);
    return holding.has(status);
  } catch (error) {
    // It may have ended since it was listed; then nobody can answer for it, nor has to.
    if (!(await isOpen(client, workflowId))) return false;
    throw unanswered(`asking run ${workflowId} whether it holds its environment`, error);
  }
};

const askClosedWithinMs = 8_000;

/** What a run says of itself counts also when it is closed; one that says nothing is doubted. */
const wasCutShort = async (client: Client, workflowId: string): Promise<boolean> => {
  try {
    const { stages } = await client.withDeadline(Date.now() + askClosedWithinMs, () =>
      client.workflow.getHandle(workflowId).query(runQuery),
    );
    return hasStarted(stages, 'terraform_apply');
  } catch {
    return true;
  }
};

/** Everything about an environment's queue that takes a look at the server. */
export const createEnvironmentActivities = (
  client: Client,
  queues: RunQueues,
): RunActivities & EnvironmentActivities => ({
  enterEnvironment: async ({ service, environment, request }) => {
    const workflowId = environmentWorkflowId(service, environment);
    const isStack = fromEnvironmentKey({ service, environment }).environment === null;
    try {
      await client.workflow.signalWithStart('environment', {
        workflowId,
        // Whoever works on the runs also keeps their queue.
        taskQueue: isStack ? queues.provision : queues.deploy,
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        args: [{ service, environment }],
        signal: lockRequestedSignal,
        signalArgs: [request],
        staticSummary: `queue of ${service} in ${environment}`,
      });
    } catch (error) {
      throw unanswered(`entering the queue of ${service} in ${environment}`, error);
    }
  },

  findOpenRuns: async ({ workflowIds }) => {
    const open = await Promise.all(workflowIds.map((workflowId) => isOpen(client, workflowId)));
    const closed = workflowIds.filter((_, index) => !open[index]);
    const cut = await Promise.all(closed.map((workflowId) => wasCutShort(client, workflowId)));
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
      throw unanswered(`listing the open runs of ${service} in ${environment}`, error);
    }
    const held = await Promise.all(listed.map((workflowId) => holds(client, workflowId)));
    return listed.filter((_, index) => held[index]);
  },
});
