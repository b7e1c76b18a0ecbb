import type { Client } from '@temporalio/client';
import {
  type EnvironmentView,
  environmentQuery,
  environmentWorkflowId,
} from '../../workflows/contract/environment.ts';
import { readEnvironmentView } from '../../workflows/contract/stored-views.ts';
import { type EnvironmentKey, fromEnvironmentKey } from '../../workflows/contract/target.ts';
import type { RunRows } from '../store/run-rows.ts';

const queryTimeoutMs = 2000;
const cacheMs = 3000;

const createUnknownView = (key: EnvironmentKey): EnvironmentView => ({
  ...fromEnvironmentKey(key),
  holder: null,
  waiting: [],
  applied: [],
  unfinished: false,
});

/** Queries the environment workflows, and caches the answers for three seconds because pages ask often. */
export const createEnvironments = (client: Client, runs: RunRows) => {
  const cache = new Map<string, EnvironmentView>();
  let readAt = 0;
  let reading: Promise<readonly EnvironmentView[]> | null = null;

  const readOne = async (key: EnvironmentKey): Promise<EnvironmentView> => {
    const id = environmentWorkflowId(key.service, key.environment);
    try {
      const view = readEnvironmentView(
        await client.withDeadline(Date.now() + queryTimeoutMs, () =>
          client.workflow.getHandle(id).query(environmentQuery),
        ),
      );
      cache.set(id, view);
      return view;
    } catch {
      // No such workflow yet, or no worker answers: the last known state is better than a page that fails.
      return cache.get(id) ?? createUnknownView(key);
    }
  };

  const readAll = async (): Promise<readonly EnvironmentView[]> => {
    const views = await Promise.all((await runs.environments()).map(readOne));
    readAt = Date.now();
    return views;
  };

  return (): Promise<readonly EnvironmentView[]> => {
    if (reading !== null && Date.now() - readAt < cacheMs) return reading;
    readAt = Date.now();
    reading = readAll();
    return reading;
  };
};
