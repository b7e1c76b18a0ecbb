import type { Client } from '@temporalio/client';
import PQueue from 'p-queue';
import type { Logger } from '../../runtime/logger.ts';
import { defaultQueues, type RunQueues } from '../../workflows/contract/task-queues.ts';
import { ChatError } from '../platform/errors.ts';
import type { RunRows } from '../store/run-rows.ts';
import { backOffMs, type Followed, nextLookMs, unseen } from './follow-schedule.ts';
import { ourRuns } from './our-runs.ts';
import type { Publish, Published } from './publisher.ts';
import type { RunReader } from './read-run.ts';

export interface FollowerDeps {
  readonly client: Client;
  readonly reader: RunReader;
  readonly publish: Publish;
  readonly runs: RunRows;
  readonly logger: Logger;
  /** Whose runs are ours: those of other queues have workers that we know nothing of. */
  readonly queues?: RunQueues;
  /** How often it is seen what is due; shorter in tests. */
  readonly tickMs?: number;
}

/** Watches open runs, so that cards move between the facts that the runs themselves report. */
export interface Follower {
  /** Looks at a run at the next tick, and goes on until it has ended. */
  follow(workflowId: string): void;
  /** Of what was kept and told last; null when that is not known. */
  known(workflowId: string): string | null;
  start(): void;
  stop(): Promise<void>;
}

const glanceWithinMs = 5000;
const reconcileEveryMs = 30_000;
const resumeAgainMs = 1000;

const isUntold = ({ tellAt }: Followed): boolean => tellAt !== null && tellAt <= Date.now();

const nextLookAt = (entry: Followed): number =>
  entry.wanted ? 0 : Math.min(Date.now() + nextLookMs(entry), entry.tellAt ?? Number.POSITIVE_INFINITY);

export const createFollower = (deps: FollowerDeps): Follower => {
  const { client, reader, publish, runs, logger, queues = defaultQueues, tickMs = 1000 } = deps;
  const openRuns = `ExecutionStatus = 'Running' AND (${ourRuns(queues)})`;
  const followed = new Map<string, Followed>();
  const looks = new PQueue({ concurrency: 8 });
  const busy = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let reconcileAt = 0;
  let reconciling = false;
  let resumed = false;

  const follow = (workflowId: string): void => {
    const known = followed.get(workflowId);
    if (known === undefined) followed.set(workflowId, unseen());
    else Object.assign(known, { dueAt: 0, wanted: true });
  };

  const note = (workflowId: string, entry: Followed, published: Published): void => {
    const { run, open, owed, failures, fingerprint } = published;
    if (run === null || (!open && !owed && failures.length === 0)) {
      followed.delete(workflowId);
      return;
    }
    entry.status = run.view.status;
    entry.owed = owed;
    entry.failed = 0;
    entry.untold = failures.length === 0 ? 0 : entry.untold + 1;
    entry.fingerprint = fingerprint;
    // What could not be told is told again although nothing changes; meanwhile the others hear of changes.
    const asked = failures.map((failure) => (failure instanceof ChatError ? (failure.retryAfterMs ?? 0) : 0));
    const againMs = failures.length === 0 ? nextLookMs(entry) : Math.max(backOffMs(entry.untold), ...asked);
    entry.tellAt = owed || failures.length > 0 ? Date.now() + againMs : null;
    entry.dueAt = nextLookAt(entry);
  };

  /** Temporal keeps closed runs for a while only; what it no longer knows will not change. */
  const forget = async (workflowId: string): Promise<void> => {
    followed.delete(workflowId);
    const last = await runs.get(workflowId);
    if (last !== null) await runs.save(last, false);
  };

  const look = async (workflowId: string, entry: Followed): Promise<void> => {
    entry.wanted = false;
    try {
      const glance = await reader.glance(workflowId, glanceWithinMs);
      if (glance === null) {
        await forget(workflowId);
      } else if (glance.fingerprint === entry.fingerprint && !isUntold(entry)) {
        entry.failed = 0;
        entry.dueAt = nextLookAt(entry);
      } else {
        note(workflowId, entry, await publish(workflowId, glance));
      }
    } catch (error) {
      entry.failed += 1;
      entry.dueAt = nextLookAt(entry);
      const level = entry.failed === 1 ? 'warn' : 'debug';
      logger[level]({ workflowId, error: String(error) }, 'looking at a run; it is tried again');
    }
  };

  /** What was not told before the last stop; asked for until the database answers. */
  const resume = async (): Promise<void> => {
    if (resumed) return;
    for (const { view } of await runs.open()) if (!followed.has(view.workflowId)) follow(view.workflowId);
    resumed = true;
  };

  const reconcile = async (): Promise<void> => {
    await resume();
    for await (const { workflowId } of client.workflow.list({ query: openRuns, pageSize: 200 }))
      if (!followed.has(workflowId)) follow(workflowId);
  };

  /** Runs that somebody started, or that ended, while nobody looked. */
  const reconcileWhenDue = (now: number): void => {
    if (reconciling || now < reconcileAt) return;
    reconciling = true;
    looks
      .add(reconcile)
      .catch((error: unknown) => {
        logger[resumed ? 'debug' : 'warn'](
          { error: String(error) },
          'listing the open runs; it is tried again',
        );
      })
      .finally(() => {
        reconciling = false;
        reconcileAt = Date.now() + (resumed ? reconcileEveryMs : resumeAgainMs);
      });
  };

  const tick = (): void => {
    const now = Date.now();
    reconcileWhenDue(now);
    for (const [workflowId, entry] of followed) {
      if (entry.dueAt > now || busy.has(workflowId)) continue;
      busy.add(workflowId);
      looks
        .add(() => look(workflowId, entry))
        .catch((error: unknown) => logger.error({ workflowId, error: String(error) }, 'following a run'))
        .finally(() => busy.delete(workflowId));
    }
  };

  return {
    follow,
    known: (workflowId) => followed.get(workflowId)?.fingerprint ?? null,
    start() {
      tick();
      timer = setInterval(tick, tickMs);
    },
    async stop() {
      if (timer !== null) clearInterval(timer);
      looks.clear();
      await looks.onIdle();
    },
  };
};
