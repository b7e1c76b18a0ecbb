import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { EnvironmentActivities, RunActivities } from '../contract/activities.ts';
import { environmentWorkflowId, lockRequestedSignal } from '../contract/environment.ts';
import { runQuery } from '../contract/run-messages.ts';
import { hasStarted } from '../contract/stage.ts';

const isOpen = async (client: Client, workflowId: string): Promise<boolean> => {
  try {
    return (await client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
};

/** The activities of the queue on the real server; `runs` names the deployments that a test has started. */
export const createTestEnvironmentActivities = (
  client: Client,
  taskQueue: string,
  runs: () => readonly string[],
): EnvironmentActivities & RunActivities => ({
  enterEnvironment: async ({ service, environment, request }) => {
    await client.workflow.signalWithStart('environment', {
      workflowId: environmentWorkflowId(service, environment),
      taskQueue,
      args: [{ service, environment }],
      signal: lockRequestedSignal,
      signalArgs: [request],
    });
  },
  findOpenRuns: async ({ workflowIds }) => {
    const open = await Promise.all(workflowIds.map((id) => isOpen(client, id)));
    const closed = workflowIds.filter((_, index) => !open[index]);
    const cut = await Promise.all(
      closed.map((id) =>
        client.workflow
          .getHandle(id)
          .query(runQuery)
          .then(({ stages }) => hasStarted(stages, 'terraform_apply'))
          .catch(() => true),
      ),
    );
    return {
      open: workflowIds.filter((_, index) => open[index]),
      cutShort: closed.filter((_, index) => cut[index]),
    };
  },
  findHolders: async ({ service, environment }) => {
    const holders = await Promise.all(
      runs().map(async (workflowId) => {
        if (!(await isOpen(client, workflowId))) return [];
        const view = await client.workflow.getHandle(workflowId).query(runQuery);
        const isHere = view.name === service && view.environment === environment;
        return isHere && ['running', 'awaiting_approval', 'applying'].includes(view.status)
          ? [workflowId]
          : [];
      }),
    );
    return holders.flat();
  },
});
