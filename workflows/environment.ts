import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import {
  type EnvironmentInput,
  environmentQuery,
  type LockRelease,
  type LockRequest,
  lockReleasedSignal,
  lockRequestedSignal,
} from './contract/environment.ts';
import { readAppliedRecord, readEnvironmentView } from './contract/stored-views.ts';
import { fromEnvironmentKey } from './contract/target.ts';
import { createEnvironmentActivities } from './environment/environment-proxies.ts';
import { createLockQueue, type LostRuns } from './environment/lock-queue.ts';
import type { WorkflowTimeouts } from './timeouts.ts';

type QueueMessage = { readonly enter: LockRequest } | { readonly leave: LockRelease };

/** Makes the workflow `environment`: who may deploy there now, who waits, and what was last applied. */
export const createEnvironment =
  (timeouts: WorkflowTimeouts) =>
  (input: EnvironmentInput): Promise<void> => {
    const { service, environment } = input;
    const nobody = {
      ...fromEnvironmentKey(input),
      holder: null,
      waiting: [],
      applied: [],
      unfinished: false,
    };
    const state = input.state ? readEnvironmentView(input.state) : nobody;
    const queue = createLockQueue(state, createEnvironmentActivities(timeouts));
    const letters: QueueMessage[] = [];
    setHandler(environmentQuery, () => queue.state);
    setHandler(lockRequestedSignal, (enter) => void letters.push({ enter }));
    setHandler(lockReleasedSignal, (leave) => {
      letters.push({ leave: { ...leave, applied: readAppliedRecord(leave.applied) } });
    });

    /** Waits for a letter; while somebody waits behind a holder, also for the time to look after it. */
    const somethingToDo = async (): Promise<'letter' | 'look'> => {
      const { holder, waiting } = queue.state;
      const arrived = () => letters.length > 0;
      if (holder && waiting.length > 0)
        return (await condition(arrived, timeouts.holderCheckIntervalMs)) ? 'letter' : 'look';
      await condition(arrived);
      return 'letter';
    };

    const readLetters = async (): Promise<boolean> => {
      let someoneCame = false;
      for (let letter = letters.shift(); letter; letter = letters.shift()) {
        if ('leave' in letter) queue.leave(letter.leave);
        else await queue.enter(letter.enter);
        someoneCame ||= 'enter' in letter;
      }
      return someoneCame;
    };

    /**
     * Nobody waits for a run that is gone. It may have left in good order before it closed, and a
     * timer brings the letters that are on their way: what it says in them comes first.
     */
    const drop = async (those: LostRuns): Promise<void> => {
      if (those.gone.length === 0) return;
      await sleep(1);
      await readLetters();
      queue.drop(those);
    };

    const settle = async (): Promise<void> => {
      for (let gone = await queue.settle(); gone.length > 0; gone = await queue.settle())
        await drop({ gone, cutShort: [] });
    };

    const leaver = (): string | undefined =>
      letters
        .flatMap((letter) => ('leave' in letter ? [letter.leave] : []))
        .find(({ applied, unfinished }) => applied || unfinished)?.workflowId;

    const isLong = (): boolean => {
      const { continueAsNewSuggested, historyLength } = workflowInfo();
      return (
        continueAsNewSuggested ||
        (timeouts.continueAsNewAfterEvents !== null && historyLength > timeouts.continueAsNewAfterEvents)
      );
    };

    const keep = async (): Promise<void> => {
      if (!input.state) await queue.findHolder(leaver);
      for (;;) {
        const why = await somethingToDo();
        const someoneCame = await readLetters();
        if (someoneCame || why === 'look') await drop(await queue.findLost());
        await settle();
        if (isLong() && letters.length === 0 && allHandlersFinished())
          await continueAsNew<(input: EnvironmentInput) => Promise<void>>({
            service,
            environment,
            state: queue.state,
          });
      }
    };

    // It keeps what was last applied: a stray cancellation must not make it forget.
    return CancellationScope.nonCancellable(keep);
  };
