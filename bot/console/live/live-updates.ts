import type { Logger } from '../../../runtime/logger.ts';

/** Calls everybody who watches after something changed: at once, then not more often than now and again. */
export interface LiveUpdates {
  /** Something may look different now. */
  notifyChanged(): void;
  /** `end` is called when there will be no more. */
  subscribe(redraw: () => Promise<void>, end: () => void): () => void;
  readonly subscriberCount: number;
  stop(): void;
}

export interface LiveUpdateTimings {
  /** At least this long between two drawings. */
  readonly minIntervalMs: number;
  /** Once more after the last change, for what is known a little later: queues, lists. */
  readonly settleMs: number;
}

export const createLiveUpdates = (
  logger: Logger,
  { minIntervalMs: betweenMs, settleMs }: LiveUpdateTimings,
): LiveUpdates => {
  const watchers = new Map<() => Promise<void>, () => void>();
  let drawing = false;
  let again = false;
  let settle: NodeJS.Timeout | undefined;

  const drawAll = async (): Promise<void> => {
    const drawn = await Promise.allSettled([...watchers.keys()].map((redraw) => redraw()));
    for (const result of drawn)
      if (result.status === 'rejected')
        logger.warn({ error: String(result.reason) }, 'a live page could not be redrawn; it is tried again');
  };

  const draw = (): void => {
    if (drawing) {
      again = true;
      return;
    }
    drawing = true;
    again = false;
    void drawAll().finally(() => {
      setTimeout(() => {
        drawing = false;
        if (again) draw();
      }, betweenMs).unref();
    });
  };

  return {
    notifyChanged() {
      draw();
      clearTimeout(settle);
      settle = setTimeout(draw, settleMs).unref();
    },
    subscribe(redraw, end) {
      watchers.set(redraw, end);
      return () => watchers.delete(redraw);
    },
    get subscriberCount() {
      return watchers.size;
    },
    stop() {
      clearTimeout(settle);
      for (const end of watchers.values()) end();
      watchers.clear();
    },
  };
};
