import type { Client } from '@temporalio/client';
import {
  type EnvironmentView,
  environmentQuery,
  environmentWorkflowId,
} from '../../workflows/contract/environment.ts';
import { readEnvironmentView } from '../../workflows/contract/stored-views.ts';
import { type EnvironmentKey, fromEnvironmentKey } from '../../workflows/contract/target.ts';
import type { RunRows } from '../store/run-rows.ts';

const answerWithinMs = 2000;
const keptForMs = 3000;

const unknown = (key: EnvironmentKey): EnvironmentView => ({
  ...fromEnvironmentKey(key),
  holder: null,
  waiting: [],
  applied: [],
  unfinished: false,
});

/** Reads the environments' own workflows; what was read is kept for a moment, because pages ask often. */
export const createEnvironments = (client: Client, runs: RunRows) => {
  const kept = new Map<string, EnvironmentView>();
  let readAt = 0;
  let reading: Promise<readonly EnvironmentView[]> | null = null;

  const one = async (key: EnvironmentKey): Promise<EnvironmentView> => {
    const id = environmentWorkflowId(key.service, key.environment);
    try {
      const view = readEnvironmentView(
        await client.withDeadline(Date.now() + answerWithinMs, () =>
          client.workflow.getHandle(id).query(environmentQuery),
        ),
      );
      kept.set(id, view);
      return view;
    } catch {
      // Not there yet, or nobody answers: what was seen last is better than a page that fails.
      return kept.get(id) ?? unknown(key);
    }
  };

  const all = async (): Promise<readonly EnvironmentView[]> => {
    const views = await Promise.all((await runs.environments()).map(one));
    readAt = Date.now();
    return views;
  };

  return (): Promise<readonly EnvironmentView[]> => {
    if (reading !== null && Date.now() - readAt < keptForMs) return reading;
    readAt = Date.now();
    reading = all();
    return reading;
  };
};
