import type { ChatActivities } from '../../workflows/contract/activities.ts';
import type { Audience } from '../../workflows/contract/conversation.ts';
import { ChatError } from '../platform/errors.ts';
import type { RunDescription, RunReader, RunSnapshot } from '../runs/read-run.ts';
import type { Publish } from '../runs/run-poller.ts';
import type { LiveRun } from '../runs/types.ts';
import { toAuditEntries } from '../store/audit-rows.ts';
import type { Store } from '../store/store.ts';
import type { Broadcaster } from './broadcaster.ts';
import { toDeliveryFailure } from './delivery-failure.ts';
import { createKeyedQueue } from './keyed-queue.ts';

export interface PublisherDeps {
  readonly reader: RunReader;
  readonly store: Store;
  readonly broadcaster: Broadcaster;
  /** Called with every snapshot that was stored. */
  readonly onSnapshot: (run: LiveRun) => void;
}

interface StoredSnapshot extends RunSnapshot {
  readonly subscribed: readonly Audience[];
}

const readTimeoutMs = 10_000;
const noRun = { run: null, open: false, fingerprint: '', progressDeferred: false, failures: [] } as const;

export const createPublisher = ({ reader, store, broadcaster, onSnapshot }: PublisherDeps): Publish => {
  /** One read at a time for each run; callers that arrive during a read share the next one. */
  const queue = createKeyedQueue<StoredSnapshot | null>();
  /** For each open run the first event that the audit trail does not have yet. */
  const nextAuditSeq = new Map<string, number>();

  const appendAudit = async (run: LiveRun, open: boolean): Promise<void> => {
    const { workflowId, events } = run.view;
    await store.audit.append(toAuditEntries(run, nextAuditSeq.get(workflowId) ?? 0));
    const last = events.at(-1)?.seq;
    if (!open) nextAuditSeq.delete(workflowId);
    else if (last !== undefined) nextAuditSeq.set(workflowId, last + 1);
  };

  const readAndStore = async (workflowId: string, description?: RunDescription) => {
    const snapshot = await reader.read(workflowId, readTimeoutMs, description);
    if (snapshot === null) return null;
    const { run, open } = snapshot;
    // A closed run stays open in the store until every conversation knows its end.
    await store.runs.save(run, true);
    await appendAudit(run, open);
    onSnapshot(run);
    return { ...snapshot, subscribed: await store.subscriptions.of(run.view.name) };
  };

  return async (workflowId, description) => {
    const stored = await queue(workflowId, () => readAndStore(workflowId, description));
    if (stored === null) return noRun;
    const { run, subscribed, open, fingerprint, stale } = stored;
    // No await between the two: a later snapshot must also be broadcast later.
    const result = await broadcaster.broadcast({ run, subscribed }, description !== undefined);
    // A stale snapshot may lack conversations that the run itself names, so the end is published again.
    const failures = stale
      ? [
          ...result.failures,
          new ChatError(`reading the end of ${workflowId}: no worker answered`, 'retryable'),
        ]
      : result.failures;
    if (!open && !result.progressDeferred && failures.length === 0) await store.runs.save(run, false);
    return { run, open, fingerprint, progressDeferred: result.progressDeferred, failures };
  };
};

/**
 * The activity `notify_users`. Idempotent: a conversation that is up to date gets nothing. Fails with
 * `ChatUnavailable` (retried) until every conversation was notified.
 */
export const createNotifyUsers =
  (publish: Publish, watch: (workflowId: string) => void): ChatActivities['notifyUsers'] =>
  async ({ workflowId, kind }) => {
    watch(workflowId);
    const { failures } = await publish(workflowId);
    if (failures.length > 0) throw toDeliveryFailure(kind, failures);
  };
