import type { Client } from '@temporalio/client';
import PQueue from 'p-queue';
import type { Logger } from '../../runtime/logger.ts';
import { defaultQueues, type RunQueues } from '../../workflows/contract/task-queues.ts';
import { ChatError } from '../platform/errors.ts';
import type { RunRows } from '../store/run-rows.ts';
import { backoffMs, createWatchedRun, pollDelayMs, type WatchedRun } from './poll-schedule.ts';
import type { RunDescription, RunReader } from './read-run.ts';
import { toRunsQuery } from './run-workflows.ts';
import type { LiveRun } from './types.ts';

/** What was read and published. */
export interface PublishResult {
  /** null when Temporal has no such run. */
  readonly run: LiveRun | null;
  /** False when Temporal has closed the workflow. */
  readonly open: boolean;
  readonly fingerprint: string;
  /** A conversation did not get the latest progress, because of its rate limit. */
  readonly progressDeferred: boolean;
  /** One error for each conversation that could not be reached. */
  readonly failures: readonly unknown[];
}

/**
 * Reads a run, stores it, and shows it in every conversation that follows it. With a description the caller
 * is a poll: conversations that failed a moment ago are left alone until their backoff ends.
 */
export type Publish = (workflowId: string, description?: RunDescription) => Promise<PublishResult>;

export interface RunPollerDeps {
  readonly client: Client;
  readonly reader: RunReader;
  readonly publish: Publish;
  readonly runs: RunRows;
  readonly logger: Logger;
  /** Only runs of these task queues are polled. Other queues belong to other installations. */
  readonly queues?: RunQueues;
  /** How often the poller checks what is due; shorter in tests. */
  readonly tickMs?: number;
}

const describeTimeoutMs = 5000;
const reconcileIntervalMs = 30_000;
/** Until the store has answered once. */
const resumeRetryMs = 1000;
const concurrentPolls = 8;

const isRedeliveryDue = ({ redeliverAt }: WatchedRun): boolean =>
  redeliverAt !== null && redeliverAt <= Date.now();

const nextPollAt = (watched: WatchedRun): number =>
  watched.pollRequested
    ? 0
    : Math.min(Date.now() + pollDelayMs(watched), watched.redeliverAt ?? Number.POSITIVE_INFINITY);

/** Polls open runs, so that cards also move between the notifications that the runs send themselves. */
export class RunPoller {
  readonly #deps: RunPollerDeps;
  readonly #openRunsQuery: string;
  readonly #watched = new Map<string, WatchedRun>();
  readonly #polls = new PQueue({ concurrency: concurrentPolls });
  readonly #polling = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #reconcileAt = 0;
  #reconciling = false;
  #resumed = false;

  constructor(deps: RunPollerDeps) {
    this.#deps = deps;
    this.#openRunsQuery = `ExecutionStatus = 'Running' AND (${toRunsQuery(deps.queues ?? defaultQueues)})`;
  }

  /** Polls a run at the next tick, and from then on until it has ended. */
  watch(workflowId: string): void {
    const watched = this.#watched.get(workflowId);
    if (watched === undefined) this.#watched.set(workflowId, createWatchedRun());
    else Object.assign(watched, { dueAt: 0, pollRequested: true });
  }

  /** The fingerprint of the last published state; null when the run is not watched. */
  lastFingerprint(workflowId: string): string | null {
    return this.#watched.get(workflowId)?.fingerprint ?? null;
  }

  start(): void {
    this.#tick();
    this.#timer = setInterval(() => this.#tick(), this.#deps.tickMs ?? 1000);
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#polls.clear();
    await this.#polls.onIdle();
  }

  #tick(): void {
    const now = Date.now();
    this.#reconcileWhenDue(now);
    for (const [workflowId, watched] of this.#watched) {
      if (watched.dueAt > now || this.#polling.has(workflowId)) continue;
      this.#polling.add(workflowId);
      this.#polls
        .add(() => this.#poll(workflowId, watched))
        .catch((err: unknown) => this.#deps.logger.error({ workflowId, err }, 'polling a run failed'))
        .finally(() => this.#polling.delete(workflowId));
    }
  }

  async #poll(workflowId: string, watched: WatchedRun): Promise<void> {
    const { reader, publish, logger } = this.#deps;
    watched.pollRequested = false;
    try {
      const description = await reader.describe(workflowId, describeTimeoutMs);
      if (description === null) {
        await this.#forget(workflowId);
      } else if (description.fingerprint === watched.fingerprint && !isRedeliveryDue(watched)) {
        watched.failedPolls = 0;
        watched.dueAt = nextPollAt(watched);
      } else {
        this.#schedule(workflowId, watched, await publish(workflowId, description));
      }
    } catch (err) {
      watched.failedPolls += 1;
      watched.dueAt = nextPollAt(watched);
      const level = watched.failedPolls === 1 ? 'warn' : 'debug';
      logger[level]({ workflowId, err }, 'polling a run failed; Quarterdeck will retry');
    }
  }

  #schedule(workflowId: string, watched: WatchedRun, published: PublishResult): void {
    const { run, open, progressDeferred, failures, fingerprint } = published;
    if (run === null || (!open && !progressDeferred && failures.length === 0)) {
      this.#watched.delete(workflowId);
      return;
    }
    watched.status = run.view.status;
    watched.progressDeferred = progressDeferred;
    watched.failedPolls = 0;
    watched.failedDeliveries = failures.length === 0 ? 0 : watched.failedDeliveries + 1;
    watched.fingerprint = fingerprint;
    // Failed conversations are retried although nothing changes. The others still get every change.
    const retryAfter = failures.map((error) => (error instanceof ChatError ? (error.retryAfterMs ?? 0) : 0));
    const delayMs =
      failures.length === 0
        ? pollDelayMs(watched)
        : Math.max(backoffMs(watched.failedDeliveries), ...retryAfter);
    watched.redeliverAt = progressDeferred || failures.length > 0 ? Date.now() + delayMs : null;
    watched.dueAt = nextPollAt(watched);
  }

  /** Temporal keeps closed runs for its retention period only. A run that it has deleted cannot change. */
  async #forget(workflowId: string): Promise<void> {
    this.#watched.delete(workflowId);
    const { runs } = this.#deps;
    const last = await runs.get(workflowId);
    if (last !== null) await runs.save(last, false);
  }

  /** Finds runs that were started or that ended while no bot was running. */
  #reconcileWhenDue(now: number): void {
    if (this.#reconciling || now < this.#reconcileAt) return;
    this.#reconciling = true;
    this.#polls
      .add(() => this.#reconcile())
      .catch((err: unknown) => {
        const level = this.#resumed ? 'debug' : 'warn';
        this.#deps.logger[level]({ err }, 'listing the open runs failed; Quarterdeck will retry');
      })
      .finally(() => {
        this.#reconciling = false;
        this.#reconcileAt = Date.now() + (this.#resumed ? reconcileIntervalMs : resumeRetryMs);
      });
  }

  async #reconcile(): Promise<void> {
    await this.#resume();
    const { workflow } = this.#deps.client;
    for await (const { workflowId } of workflow.list({ query: this.#openRunsQuery, pageSize: 200 }))
      if (!this.#watched.has(workflowId)) this.watch(workflowId);
  }

  /** Watches what was not fully delivered before the last stop; retried until the store answers. */
  async #resume(): Promise<void> {
    if (this.#resumed) return;
    for (const { view } of await this.#deps.runs.open())
      if (!this.#watched.has(view.workflowId)) this.watch(view.workflowId);
    this.#resumed = true;
  }
}
