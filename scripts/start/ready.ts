import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { RunQueues } from '../../workflows/contract/task-queues.ts';
import { acceptsConnections } from './ports.ts';
import type { DevServer } from './settings.ts';

const pollIntervalMs = 150;

/** Resolves to why a service is not ready yet, or null when it is. */
export type ReadinessProbe = () => Promise<string | null>;

/** Waits until a service is ready. Throws its last reason after the timeout. */
export const waitUntilReady = async (
  probe: ReadinessProbe,
  timeoutMs: number,
  abortSignal: AbortSignal,
): Promise<void> => {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const reason = await probe();
    abortSignal.throwIfAborted();
    if (reason === null) return;
    if (Date.now() > until) throw new Error(reason);
    await sleep(pollIntervalMs, undefined, { signal: abortSignal });
  }
};

const toMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const probeServer =
  ({ port }: DevServer, client: Client): ReadinessProbe =>
  async () => {
    if (!(await acceptsConnections(port, '127.0.0.1')))
      return `the Temporal server is not responding on port ${port}`;
    try {
      const { namespace } = client.options;
      await client.withDeadline(Date.now() + 2000, () =>
        client.workflowService.describeNamespace({ namespace }),
      );
      return null;
    } catch (error) {
      return `the Temporal server is not ready: ${toMessage(error)}`;
    }
  };

const activityQueue = 2;

const isPolled = async (client: Client, name: string, since: number): Promise<boolean> => {
  const { namespace } = client.options;
  const { pollers } = await client.withDeadline(Date.now() + 2000, () =>
    client.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name },
      taskQueueType: activityQueue,
    }),
  );
  return (pollers ?? []).some(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 >= since);
};

/** The worker is ready when Temporal has seen it poll every task queue since it was started. */
export const probeWorker =
  (client: Client, queues: RunQueues, startedAt: number): ReadinessProbe =>
  async () => {
    try {
      const names = Object.values(queues) as readonly string[];
      const polled = await Promise.all(names.map((name) => isPolled(client, name, startedAt - 1000)));
      const idle = names.filter((_, at) => !polled[at]);
      return idle.length === 0 ? null : `the worker is not polling the task queues yet: ${idle.join(', ')}`;
    } catch (error) {
      return `Temporal is not responding: ${toMessage(error)}`;
    }
  };

/** The bot reports whether it is ready, and why not. */
export const probeBot =
  (url: string): ReadinessProbe =>
  async () => {
    try {
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3000) });
      return response.ok ? null : `the bot is not ready: ${(await response.text()).slice(0, 500)}`;
    } catch {
      return `the bot is not responding at ${url}`;
    }
  };
