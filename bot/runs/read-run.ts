import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import type { Deploy } from '../../workflows/contract/deploy.ts';
import { runQuery } from '../../workflows/contract/run-messages.ts';
import { hasEnded } from '../../workflows/contract/run-status.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import { readRunView } from '../../workflows/contract/stored-views.ts';
import { fingerprint, readHeartbeats } from './heartbeats.ts';
import { isRunType } from './our-runs.ts';
import type { LiveRun } from './port.ts';

/** A run as Temporal holds it now. */
interface RunReading {
  readonly run: LiveRun;
  /** False when Temporal has closed the workflow: nothing more will come. */
  readonly open: boolean;
  readonly fingerprint: string;
  /** No worker answered for a closed run, so this is what was seen last. */
  readonly stale: boolean;
}

/** A look that asks no worker. */
export interface RunGlance {
  readonly description: WorkflowExecutionDescription;
  readonly open: boolean;
  readonly fingerprint: string;
}

export interface RunReader {
  /** null when there is no such run. */
  glance(workflowId: string, timeoutMs: number): Promise<RunGlance | null>;
  /** null when there is no such run. Rejects when neither Temporal nor a snapshot can tell. */
  read(workflowId: string, timeoutMs: number, glance?: RunGlance): Promise<RunReading | null>;
}

const cutShortMs = 3000;

const isView = (value: unknown): value is RunView =>
  typeof value === 'object' && value !== null && 'workflowId' in value && 'stages' in value;

const endedOutside = (description: WorkflowExecutionDescription): LiveRun['endedOutside'] => {
  if (description.status.name === 'TERMINATED') return 'terminated';
  return description.status.name === 'TIMED_OUT' ? 'timed out' : null;
};

/** A workflow that Temporal closed says nothing more itself, so its end is taken from Temporal. */
const settled = (view: RunView, { description, open }: RunGlance): RunView => {
  if (open || hasEnded(view.status)) return open ? view : { ...view, retryUntil: null };
  const endedAt = description.closeTime?.getTime() ?? view.askedAt;
  const closed = description.status.name;
  if (closed === 'FAILED') return { ...view, status: 'failed', endedAt, retryUntil: null };
  return { ...view, ...(closed === 'CANCELLED' ? { status: 'cancelled' } : {}), endedAt, retryUntil: null };
};

export const createRunReader = (
  client: Client,
  snapshot: (workflowId: string) => Promise<LiveRun | null>,
): RunReader => {
  const within = <T>(timeoutMs: number, ask: () => Promise<T>): Promise<T> =>
    client.withDeadline(Date.now() + timeoutMs, ask);

  const glance: RunReader['glance'] = async (workflowId, timeoutMs) => {
    try {
      const description = await within(timeoutMs, () => client.workflow.getHandle(workflowId).describe());
      const open = description.status.name === 'RUNNING';
      return { description, open, fingerprint: fingerprint(description) };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  };

  const viewOf = async (workflowId: string, { description }: RunGlance): Promise<RunView> => {
    const handle = client.workflow.getHandle<Deploy>(workflowId, description.runId);
    if (description.status.name === 'COMPLETED') {
      const result: unknown = await handle.result();
      if (isView(result)) return readRunView(result);
    }
    return readRunView(await handle.query(runQuery));
  };

  return {
    glance,
    async read(workflowId, timeoutMs, known) {
      const seen = known ?? (await glance(workflowId, timeoutMs));
      if (seen === null || !isRunType(seen.description.type)) return null;
      let stale = false;
      // One that was cut short can tell little more than what was seen last; nobody waits long for that.
      const patienceMs =
        endedOutside(seen.description) === null ? timeoutMs : Math.min(timeoutMs, cutShortMs);
      const view = await within(patienceMs, () => viewOf(workflowId, seen)).catch(async (error: unknown) => {
        // A closed run changes no more, so what was seen last will do when no worker answers.
        const last = seen.open ? null : await snapshot(workflowId);
        if (last === null) throw error;
        stale = true;
        return last.view;
      });
      const live = seen.open ? await readHeartbeats(client, seen.description) : {};
      return {
        run: { view: settled(view, seen), live, endedOutside: endedOutside(seen.description) },
        open: seen.open,
        fingerprint: seen.fingerprint,
        stale,
      };
    },
  };
};
