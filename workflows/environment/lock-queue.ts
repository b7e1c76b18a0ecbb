import { TemporalFailure } from '@temporalio/common';
import { log } from '@temporalio/workflow';
import type { EnvironmentActivities } from '../contract/activities.ts';
import type { EnvironmentView, LockRelease, LockRequest } from '../contract/environment.ts';
import { toEnvironmentKey } from '../contract/target.ts';
import type { Registered } from '../registered-activities.ts';
import { enqueue, evictClosed, grantNext, release } from './lock-state.ts';
import { createRunMessenger, toLockGrant } from './run-messenger.ts';

/** Runs in the queue that Temporal has closed. */
export interface ClosedRuns {
  readonly closed: readonly string[];
  /** Those of them that can have interrupted an apply. */
  readonly interrupted: readonly string[];
}

const noClosedRuns: ClosedRuns = { closed: [], interrupted: [] };

/** The lock of one environment: its holder, the waiting runs, and the signals that inform them. */
export class LockQueue {
  #state: EnvironmentView;
  readonly #activities: Registered<EnvironmentActivities>;
  readonly #messenger = createRunMessenger();

  constructor(state: EnvironmentView, activities: Registered<EnvironmentActivities>) {
    this.#state = state;
    this.#activities = activities;
  }

  get state(): EnvironmentView {
    return this.#state;
  }

  /** A new queue can replace one that was terminated while a run held the lock: finds that run. */
  async recoverHolder(getReleasingRun: () => string | undefined): Promise<void> {
    const [holder] = await this.#activities.find_holders(toEnvironmentKey(this.#state));
    // A run that released the lock while the activity looked for the holder was the holder; keep its result.
    const workflowId = holder ?? getReleasingRun();
    if (!workflowId) return;
    const request = { workflowId, requestedBy: { id: '', name: 'unknown' }, at: 0 };
    this.#state = { ...this.#state, holder: request };
  }

  async request(request: LockRequest): Promise<void> {
    const { workflowId } = request;
    this.#state = enqueue(this.#state, request);
    // A run repeats its request because it can have missed a signal, so send it again.
    this.#messenger.forget(workflowId);
    if (this.#state.holder?.workflowId === workflowId)
      await this.#messenger.sendGrant(workflowId, toLockGrant(this.#state));
  }

  release(request: LockRelease): void {
    this.#state = release(this.#state, request);
    this.#messenger.forget(request.workflowId);
  }

  /** Finds runs that hold the lock or wait, and that Temporal has closed: they were terminated. */
  async findClosedRuns(): Promise<ClosedRuns> {
    const { holder, waiting } = this.#state;
    if (!holder || waiting.length === 0) return noClosedRuns;
    const workflowIds = [holder, ...waiting].map((request) => request.workflowId);
    try {
      const { open, cutShort } = await this.#activities.find_open_runs({ workflowIds });
      return { closed: workflowIds.filter((id) => !open.includes(id)), interrupted: cutShort };
    } catch (error) {
      if (!(error instanceof TemporalFailure)) throw error;
      log.warn('checking which runs are open failed; the next check retries', { error: String(error) });
      return noClosedRuns;
    }
  }

  evict({ closed, interrupted }: ClosedRuns): void {
    this.#state = evictClosed(this.#state, closed, interrupted);
  }

  /** Grants a free lock, else sends the positions. Returns the runs that are closed and did not get their signal. */
  async notifyRuns(): Promise<readonly string[]> {
    const closed = await this.#grantNext();
    return closed.length > 0 ? closed : this.#sendPositions();
  }

  async #grantNext(): Promise<readonly string[]> {
    const next = grantNext(this.#state);
    if (next === this.#state || !next.holder) return [];
    this.#state = next;
    const { workflowId } = next.holder;
    return (await this.#messenger.sendGrant(workflowId, toLockGrant(next))) ? [] : [workflowId];
  }

  async #sendPositions(): Promise<readonly string[]> {
    const { waiting, holder } = this.#state;
    const ids = waiting.map(({ workflowId }) => workflowId);
    const isOpen = await Promise.all(
      ids.map((id, index) => this.#messenger.sendPosition(id, { position: index + 1, holder })),
    );
    return ids.filter((_, index) => !isOpen[index]);
  }
}
