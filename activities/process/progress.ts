import { asyncLocalStorage } from '@temporalio/activity';
import type { StageProgress } from '../../workflows/contract/activities.ts';

const everyMs = 1000;
const keepAliveMs = 2000;

/**
 * Heartbeats what `look` sees: at once, then when it changed but at most once a second, and every two
 * seconds in any case: a silent command is not taken for a dead worker, and hears of a cancellation soon,
 * because that comes with the answer to a heartbeat. Ends with `using`.
 */
export const reportProgress = (look: () => StageProgress): Disposable => {
  const context = asyncLocalStorage.getStore();
  if (!context) return { [Symbol.dispose]: () => undefined };
  let shown = '';
  let shownAt = 0;
  const beat = (): void => {
    const progress = look();
    const now = JSON.stringify(progress);
    if (now === shown && Date.now() - shownAt < keepAliveMs) return;
    shown = now;
    shownAt = Date.now();
    context.heartbeat(progress);
  };
  beat();
  const timer = setInterval(beat, everyMs);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      beat();
    },
  };
};

/** Keeps an activity alive while it waits for something that prints nothing. */
export const reportWaiting = (what: string): Disposable =>
  reportProgress(() => ({ done: null, total: null, lines: [what] }));
