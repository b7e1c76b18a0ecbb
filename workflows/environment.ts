import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { EnvironmentActivities } from './contract/activities.ts';
import {
  type EnvironmentInput,
  type EnvironmentView,
  environmentQuery,
  type LockRelease,
  type LockRequest,
  lockReleasedSignal,
  lockRequestedSignal,
} from './contract/environment.ts';
import { readAppliedRecord, readEnvironmentView } from './contract/stored-views.ts';
import { fromEnvironmentKey } from './contract/target.ts';
import { type ClosedRuns, LockQueue } from './environment/lock-queue.ts';
import type { Registered } from './registered-activities.ts';
import type { WorkflowTimeouts } from './timeouts.ts';

/** Creates the workflow `environment`: which run holds the lock, which runs wait, and what was applied last. */
export const createEnvironment =
  (timeouts: WorkflowTimeouts) =>
  (input: EnvironmentInput): Promise<void> => {
    const lifecycle = new EnvironmentLifecycle(input, timeouts);
    // A cancellation by mistake must not lose the record of what was applied.
    return CancellationScope.nonCancellable(() => lifecycle.execute());
  };

/** A signal that waits to be handled. */
type QueueMessage = { readonly request: LockRequest } | { readonly release: LockRelease };

class EnvironmentLifecycle {
  readonly #input: EnvironmentInput;
  readonly #timeouts: WorkflowTimeouts;
  readonly #queue: LockQueue;
  readonly #messages: QueueMessage[] = [];

  constructor(input: EnvironmentInput, timeouts: WorkflowTimeouts) {
    this.#input = input;
    this.#timeouts = timeouts;
    const state = input.state ? readEnvironmentView(input.state) : createFreeLock(input);
    this.#queue = new LockQueue(state, createEnvironmentActivities(timeouts));

    // Message API. Handlers only collect the messages, so that the loop below handles one at a time.
    setHandler(environmentQuery, () => this.#queue.state);
    setHandler(lockRequestedSignal, (request) => void this.#messages.push({ request }));
    setHandler(lockReleasedSignal, (release) => {
      this.#messages.push({ release: { ...release, applied: readAppliedRecord(release.applied) } });
    });
  }

  // Main workflow logic.

  async execute(): Promise<void> {
    if (!this.#input.state) await this.#queue.recoverHolder(() => this.#getReleasingRun());
    for (;;) {
      const work = await this.#waitForWork();
      const hasNewRequests = await this.#drainMessages();
      if (hasNewRequests || work === 'check') await this.#evict(await this.#queue.findClosedRuns());
      await this.#notifyRuns();
      if (!this.#shouldContinueAsNew()) continue;
      const { service, environment } = this.#input;
      const { state } = this.#queue;
      await continueAsNew<(input: EnvironmentInput) => Promise<void>>({ service, environment, state });
    }
  }

  /** Waits for a message. While runs wait behind a holder, also for the time to check that the holder is open. */
  async #waitForWork(): Promise<'message' | 'check'> {
    const { holder, waiting } = this.#queue.state;
    const hasMessage = () => this.#messages.length > 0;
    if (holder && waiting.length > 0)
      return (await condition(hasMessage, this.#timeouts.holderCheckIntervalMs)) ? 'message' : 'check';
    await condition(hasMessage);
    return 'message';
  }

  /** Handles all messages. Returns true when a run requested the lock. */
  async #drainMessages(): Promise<boolean> {
    let hasNewRequests = false;
    for (let message = this.#messages.shift(); message; message = this.#messages.shift()) {
      if ('release' in message) this.#queue.release(message.release);
      else await this.#queue.request(message.request);
      hasNewRequests ||= 'request' in message;
    }
    return hasNewRequests;
  }

  /**
   * Removes closed runs. Such a run can have released the lock before it closed. The timer lets signals arrive that are
   * already on their way, and what a run reports itself takes precedence.
   */
  async #evict(runs: ClosedRuns): Promise<void> {
    if (runs.closed.length === 0) return;
    await sleep(1);
    await this.#drainMessages();
    this.#queue.evict(runs);
  }

  /** Grants a free lock and sends the positions, until every run in the queue has its signal. */
  async #notifyRuns(): Promise<void> {
    for (
      let closed = await this.#queue.notifyRuns();
      closed.length > 0;
      closed = await this.#queue.notifyRuns()
    )
      await this.#evict({ closed, interrupted: [] });
  }

  /** The run behind the first release message that reports an apply. */
  #getReleasingRun(): string | undefined {
    return this.#messages
      .flatMap((message) => ('release' in message ? [message.release] : []))
      .find(({ applied, unfinished }) => applied || unfinished)?.workflowId;
  }

  #shouldContinueAsNew(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    const { continueAsNewAfterEvents: limit } = this.#timeouts;
    const isLong = continueAsNewSuggested || (limit !== null && historyLength > limit);
    return isLong && this.#messages.length === 0 && allHandlersFinished();
  }
}

const createFreeLock = (input: EnvironmentInput): EnvironmentView => ({
  ...fromEnvironmentKey(input),
  holder: null,
  waiting: [],
  applied: [],
  unfinished: false,
});

const createEnvironmentActivities = (timeouts: WorkflowTimeouts): Registered<EnvironmentActivities> => {
  const { find_holders } = proxyActivities<Registered<EnvironmentActivities>>({
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: timeouts.retryIntervalMs, maximumInterval: '1 minute' },
  });
  // Runs every few seconds while runs wait. A local activity adds one event to the history instead of six.
  const { find_open_runs } = proxyLocalActivities<Registered<EnvironmentActivities>>({
    startToCloseTimeout: '20 seconds',
    retry: { initialInterval: timeouts.retryIntervalMs, maximumAttempts: 3 },
  });
  return { find_holders, find_open_runs };
};
