import type { Logger } from '../../../runtime/logger.ts';

/** Redraws the open pages after a change: at once, then at most once per interval. */
export interface LiveUpdates {
  notifyChanged(): void;
  /** `end` is called at shutdown. Returns the function that unsubscribes. */
  subscribe(redraw: () => Promise<void>, end: () => void): () => void;
  readonly subscriberCount: number;
  stop(): void;
}

export interface LiveUpdateTimings {
  /** The least time between two redraws. */
  readonly minIntervalMs: number;
  /** One more redraw this long after the last change, for data that follows it: queues, lists. */
  readonly settleMs: number;
}

export const createLiveUpdates = (
  logger: Logger,
  { minIntervalMs, settleMs }: LiveUpdateTimings,
): LiveUpdates => {
  const subscribers = new Map<() => Promise<void>, () => void>();
  let isDrawing = false;
  let isChanged = false;
  let settleTimer: NodeJS.Timeout | undefined;

  const redrawAll = async (): Promise<void> => {
    const results = await Promise.allSettled([...subscribers.keys()].map((redraw) => redraw()));
    for (const result of results)
      if (result.status === 'rejected')
        logger.warn({ err: result.reason }, 'live page not updated; the next change updates it');
  };

  const draw = (): void => {
    if (isDrawing) {
      isChanged = true;
      return;
    }
    isDrawing = true;
    isChanged = false;
    void redrawAll().finally(() => {
      setTimeout(() => {
        isDrawing = false;
        if (isChanged) draw();
      }, minIntervalMs).unref();
    });
  };

  return {
    notifyChanged() {
      draw();
      clearTimeout(settleTimer);
      settleTimer = setTimeout(draw, settleMs).unref();
    },
    subscribe(redraw, end) {
      subscribers.set(redraw, end);
      return () => subscribers.delete(redraw);
    },
    get subscriberCount() {
      return subscribers.size;
    },
    stop() {
      clearTimeout(settleTimer);
      for (const end of subscribers.values()) end();
      subscribers.clear();
    },
  };
};
