import { asyncLocalStorage } from '@temporalio/activity';
import type { StageProgress } from '../../workflows/contract/activities.ts';

const pollIntervalMs = 1000;
const keepAliveMs = 2000;

/**
 * Heartbeats an activity's progress: at once, after a change but at most once a second, and at least
 * every two seconds. So a silent command does not look like a dead worker, and learns of a cancellation
 * early: Temporal sends it with the response to a heartbeat. Does nothing outside of an activity.
 * Stop it with `using`. See https://docs.temporal.io/encyclopedia/detecting-activity-failures
 */
export const reportProgress = (readProgress: () => StageProgress): Disposable => {
  const context = asyncLocalStorage.getStore();
  if (!context) return { [Symbol.dispose]: () => undefined };
  let shown = '';
  let shownAt = 0;
  const beat = (): void => {
    const progress = readProgress();
    const now = JSON.stringify(progress);
    if (now === shown && Date.now() - shownAt < keepAliveMs) return;
    shown = now;
    shownAt = Date.now();
    context.heartbeat(progress);
  };
  beat();
  const timer = setInterval(beat, pollIntervalMs);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      beat();
    },
  };
};

/** Heartbeats one line while an activity waits for something that prints nothing. */
export const reportWaiting = (line: string): Disposable =>
  reportProgress(() => ({ done: null, total: null, lines: [line] }));
