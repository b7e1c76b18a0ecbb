import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import type { Deploy } from '../../workflows/contract/deploy.ts';
import { runQuery } from '../../workflows/contract/run-messages.ts';
import { hasEnded } from '../../workflows/contract/run-status.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import { readRunView } from '../../workflows/contract/stored-views.ts';
import { fingerprint, readHeartbeats } from './heartbeats.ts';
import { isRunType, toExternalEnd } from './run-workflows.ts';
import type { LiveRun } from './types.ts';

/** A run as Temporal describes it, without asking a worker. */
export interface RunDescription {
  readonly description: WorkflowExecutionDescription;
  readonly open: boolean;
  /** Changes whenever a card may have something new to show. */
  readonly fingerprint: string;
}

/** A run as Temporal holds it now. */
export interface RunSnapshot {
  readonly run: LiveRun;
  /** False when Temporal has closed the workflow, so nothing more can change. */
  readonly open: boolean;
  readonly fingerprint: string;
  /** No worker answered for a closed run, so this is the state that was read last. */
  readonly stale: boolean;
}

export interface RunReader {
  /** null when Temporal has no such workflow. Rejects when Temporal does not answer in time. */
  describe(workflowId: string, timeoutMs: number): Promise<RunDescription | null>;
  /** null when there is no such run. Rejects when neither Temporal nor a stored snapshot can answer. */
  read(workflowId: string, timeoutMs: number, description?: RunDescription): Promise<RunSnapshot | null>;
}

/** A terminated run can report little more than its last snapshot, so the query gets less time. */
const externalEndTimeoutMs = 3000;

const isView = (value: unknown): value is RunView =>
  typeof value === 'object' && value !== null && 'workflowId' in value && 'stages' in value;

/** Takes the end of a closed workflow from Temporal, where the workflow could not record it. */
const withEnd = (view: RunView, { description, open }: RunDescription): RunView => {
  if (open || hasEnded(view.status)) return open ? view : { ...view, retryUntil: null };
  const endedAt = description.closeTime?.getTime() ?? view.askedAt;
  const closed = description.status.name;
  if (closed === 'FAILED') return { ...view, status: 'failed', endedAt, retryUntil: null };
  return { ...view, ...(closed === 'CANCELLED' ? { status: 'cancelled' } : {}), endedAt, retryUntil: null };
};

export const createRunReader = (
  client: Client,
  getSnapshot: (workflowId: string) => Promise<LiveRun | null>,
): RunReader => {
  const within = <T>(timeoutMs: number, request: () => Promise<T>): Promise<T> =>
    client.withDeadline(Date.now() + timeoutMs, request);

  const describe: RunReader['describe'] = async (workflowId, timeoutMs) => {
    try {
      const description = await within(timeoutMs, () => client.workflow.getHandle(workflowId).describe());
      const open = description.status.name === 'RUNNING';
      return { description, open, fingerprint: fingerprint(description) };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  };

  const readView = async (workflowId: string, { description }: RunDescription): Promise<RunView> => {
    const handle = client.workflow.getHandle<Deploy>(workflowId, description.runId);
    if (description.status.name === 'COMPLETED') {
      const result: unknown = await handle.result();
      if (isView(result)) return readRunView(result);
    }
    return readRunView(await handle.query(runQuery));
  };

  return {
    describe,
    async read(workflowId, timeoutMs, known) {
      const described = known ?? (await describe(workflowId, timeoutMs));
      if (described === null || !isRunType(described.description.type)) return null;
      let stale = false;
      const externalEnd = toExternalEnd(described.description.status.name);
      const queryTimeoutMs = externalEnd === null ? timeoutMs : Math.min(timeoutMs, externalEndTimeoutMs);
      const view = await within(queryTimeoutMs, () => readView(workflowId, described)).catch(
        async (error: unknown) => {
          // A closed run cannot change, so its snapshot is good enough when no worker answers.
          const last = described.open ? null : await getSnapshot(workflowId);
          if (last === null) throw error;
          stale = true;
          return last.view;
        },
      );
      const live = described.open ? await readHeartbeats(client, described.description) : {};
      return {
        run: { view: withEnd(view, described), live, externalEnd },
        open: described.open,
        fingerprint: described.fingerprint,
        stale,
      };
    },
  };
};
