import type { Logger } from '../../../runtime/logger.ts';

/** Calls everybody who watches after something changed: at once, then not more often than now and again. */
export interface Live {
  /** Something may look different now. */
  changed(): void;
  /** `end` is called when there will be no more. */
  watch(redraw: () => Promise<void>, end: () => void): () => void;
  readonly watchers: number;
  stop(): void;
}

export interface LiveTimes {
  /** At least this long between two drawings. */
  readonly betweenMs: number;
  /** Once more after the last change, for what is known a little later: queues, lists. */
  readonly settleMs: number;
}

export const createLive = (logger: Logger, { betweenMs, settleMs }: LiveTimes): Live => {
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
    changed() {
      draw();
      clearTimeout(settle);
      settle = setTimeout(draw, settleMs).unref();
    },
    watch(redraw, end) {
      watchers.set(redraw, end);
      return () => watchers.delete(redraw);
    },
    get watchers() {
      return watchers.size;
    },
    stop() {
      clearTimeout(settle);
      for (const end of watchers.values()) end();
      watchers.clear();
    },
  };
};
