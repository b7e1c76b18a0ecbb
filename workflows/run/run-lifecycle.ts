import { ApplicationFailure, CancelledFailure, TemporalFailure } from '@temporalio/common';
import { CancellationScope, upsertSearchAttributes } from '@temporalio/workflow';
import { failureTypes } from '../contract/failure.ts';
import type { Person } from '../contract/person.ts';
import type { RunStatus } from '../contract/run-status.ts';
import type { RunView } from '../contract/run-view.ts';
import { searchAttributes } from '../contract/search-attributes.ts';
import { type RunTarget, toEnvironmentKey } from '../contract/target.ts';
import type { WorkflowTimeouts } from '../timeouts.ts';
import { createApproval } from './approval.ts';
import { createAttempt, createCancellation, createRetryWindow } from './attempt.ts';
import { createEnvironmentLock } from './environment-lock.ts';
import { registerMessageHandlers } from './message-handlers.ts';
import { createOperatorCommands } from './operator-commands.ts';
import type { Pipeline, PipelineParts } from './pipeline.ts';
import type { CommonActivities } from './proxies.ts';
import { createStageRunner, describeFailure } from './run-stage.ts';
import type { RunState } from './run-state.ts';
import { createStatusPublisher } from './status-publisher.ts';

/** What distinguishes one kind of run from another. */
export interface RunDefinition<Target extends RunTarget> {
  readonly run: RunState;
  readonly timeouts: WorkflowTimeouts;
  readonly activities: CommonActivities;
  /** Reads the target from the worker's catalog. */
  readonly resolveTarget: () => Promise<Target>;
  /** The requested ref, for the timeline; empty for a stack. */
  readonly describeRef: (target: Target | null) => string;
  readonly createPipeline: (parts: PipelineParts) => Pipeline<Target>;
}

/** Executes a run of any kind: queue, stages, approval, retries and notifications. */
export const executeRun = <Target extends RunTarget>(definition: RunDefinition<Target>): Promise<RunView> =>
  new RunLifecycle(definition).execute();

class RunLifecycle<Target extends RunTarget> {
  readonly #definition: RunDefinition<Target>;
  readonly #run: RunState;
  readonly #cancellation = createCancellation();
  readonly #retryWindow;
  readonly #publisher;
  readonly #pipeline: Pipeline<Target>;
  readonly #attempt: () => Promise<RunStatus>;
  #target: Target | null = null;
  #isCancelledInTemporal = false;

  constructor(definition: RunDefinition<Target>) {
    const { run, timeouts, activities } = definition;
    this.#definition = definition;
    this.#run = run;
    this.#retryWindow = createRetryWindow(run, timeouts.retryWindowMs);
    this.#publisher = createStatusPublisher(run, activities.notify_users);
    const approval = createApproval(run, this.#publisher);

    // Message API. Handlers are registered before the first await, so early messages get an answer too.
    const getApprovers = () =>
      this.#target && ((this.#target.approval ?? this.#target.override)?.approvers ?? []);
    const commands = createOperatorCommands({
      run,
      approval,
      cancellation: this.#cancellation,
      retryWindow: this.#retryWindow,
      getApprovers,
    });
    registerMessageHandlers(run, commands, getApprovers);
    const lock = createEnvironmentLock(run, activities, timeouts);
    CancellationScope.current().cancelRequested.catch(() => {
      this.#isCancelledInTemporal = true;
      this.#cancellation.request({ by: null, reason: null });
    });

    const runStage = createStageRunner(run, this.#cancellation);
    this.#pipeline = definition.createPipeline({ run, runStage, approval, publisher: this.#publisher });
    this.#attempt = createAttempt({
      run,
      lock,
      pipeline: this.#pipeline,
      cancellation: this.#cancellation,
      publisher: this.#publisher,
      resolveTarget: () => this.#resolveTarget(),
    });
  }

  // Main workflow logic.

  /** A cancellation in Temporal stops the stages only: releasing the lock and notifying people continue. */
  execute(): Promise<RunView> {
    return CancellationScope.nonCancellable(() => {
      const { service, environment } = toEnvironmentKey(this.#run.view);
      upsertSearchAttributes([
        { key: searchAttributes.service, value: service },
        { key: searchAttributes.environment, value: environment },
        { key: searchAttributes.requester, value: this.#run.view.requestedBy.id },
      ]);
      this.#publisher.startNotifying();
      return this.#executeAttempts();
    });
  }

  async #executeAttempts(): Promise<RunView> {
    let target = await this.#start();
    const isKnown = target !== null;
    for (;;) {
      const status = target ? await this.#attempt() : this.#failWithoutTarget();
      const isFinal = !isKnown || this.#run.view.failure?.type === failureTypes.policyViolation;
      if (status !== 'failed' || isFinal) {
        this.#notifyFinished();
        return this.#close();
      }
      const retry = this.#retryWindow.wait(() => this.#isCancelledInTemporal);
      this.#notifyFinished();
      const by = await retry;
      if (!by) {
        // Remove the Retry button from the card.
        this.#publisher.notify('finished');
        return this.#close();
      }
      this.#resume(by);
      target = await this.#tryResolveTarget();
    }
  }

  async #start(): Promise<Target | null> {
    const target = await this.#tryResolveTarget();
    const { force, requestedBy: by } = this.#run.view;
    this.#run.record({ kind: 'asked', by, ref: this.#definition.describeRef(target), force });
    this.#publisher.notify('opened');
    return target;
  }

  #resume(by: Person): void {
    const from = this.#run.view.failure?.stage ?? this.#run.stages.first;
    this.#run.record({ kind: 'retried', by, from });
    this.#run.set({ failure: null, endedAt: null });
    this.#pipeline.resume(from);
    this.#cancellation.reset();
    this.#publisher.publishStatus('queued');
    this.#publisher.notify('opened');
  }

  /** Asks the catalog, and keeps the answer for the message handlers. */
  async #resolveTarget(): Promise<Target> {
    this.#target = await this.#definition.resolveTarget();
    this.#run.set({ audiences: this.#target.notify });
    return this.#target;
  }

  /** A target that the catalog lacks enters no queue, on a retry neither. */
  async #tryResolveTarget(): Promise<Target | null> {
    try {
      return await this.#resolveTarget();
    } catch (error) {
      if (!(error instanceof TemporalFailure)) throw error;
      this.#run.set({ failure: describeFailure(this.#run.stages.first, error), endedAt: this.#run.now() });
      this.#publisher.publishStatus('failed');
      return null;
    }
  }

  #failWithoutTarget(): RunStatus {
    const { failure } = this.#run.view;
    if (failure) this.#run.record({ kind: 'failed', stage: failure.stage, message: failure.message });
    return 'failed';
  }

  /** Sending the card completes this stage, so the stage ends before the card is sent. */
  #notifyFinished(): void {
    this.#run.stages.begin('notify_users');
    this.#run.stages.end('notify_users', { state: 'succeeded' });
    this.#publisher.notify('finished');
  }

  async #close(): Promise<RunView> {
    await this.#publisher.flush();
    const { status, failure } = this.#run.view;
    if (status === 'failed' && failure)
      throw ApplicationFailure.create({
        message: failure.message,
        type: failure.type,
        nonRetryable: true,
        details: [failure],
      });
    if (status === 'cancelled' && this.#isCancelledInTemporal)
      throw new CancelledFailure('cancelled in Temporal');
    return this.#run.read();
  }
}
