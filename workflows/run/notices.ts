import { condition, log } from '@temporalio/workflow';
import type { RunNotification } from '../contract/activities.ts';

type Kind = RunNotification['kind'];

/** What people must not miss comes first when several wait. */
const urgency: Record<Kind, number> = { opened: 0, reminder: 1, question: 2, decided: 3, finished: 4 };

export const moreUrgent = (a: Kind | null, b: Kind): Kind => (a !== null && urgency[a] > urgency[b] ? a : b);

/**
 * Tells people in the background: one notice at a time, and those that pile up meanwhile become one,
 * because the chat draws whatever Temporal holds when it is told.
 */
export const createNotifier = (notify: (notice: RunNotification) => Promise<void>, workflowId: string) => {
  let pending: Kind | null = null;
  let busy = false;

  const deliver = async (): Promise<never> => {
    for (;;) {
      await condition(() => pending !== null);
      const kind: Kind = pending ?? 'finished';
      pending = null;
      busy = true;
      try {
        await notify({ workflowId, kind });
      } catch (error) {
        log.warn('people could not be told', { kind, error: String(error) });
      }
      busy = false;
    }
  };

  return {
    /** Begins to deliver; to be called once, in a scope that is never cancelled. */
    start: (): void => void deliver(),
    tell: (kind: Kind): void => {
      pending = moreUrgent(pending, kind);
    },
    /** When everything has been delivered. */
    delivered: (): Promise<void> => condition(() => pending === null && !busy),
  };
};

export type Notifier = ReturnType<typeof createNotifier>;
