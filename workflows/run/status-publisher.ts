import { condition, log, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { RunNotification } from '../contract/activities.ts';
import type { RunStatus } from '../contract/run-status.ts';
import { searchAttributes } from '../contract/search-attributes.ts';
import type { RunState } from './run-state.ts';

type NotificationKind = RunNotification['kind'];

/** Of several pending notifications, the one with the highest number is sent. */
const urgency: Record<NotificationKind, number> = {
  opened: 0,
  reminder: 1,
  question: 2,
  decided: 3,
  finished: 4,
};

export const moreUrgent = (a: NotificationKind | null, b: NotificationKind): NotificationKind =>
  a !== null && urgency[a] > urgency[b] ? a : b;

/**
 * Publishes a run's status to its view, Temporal's UI, Temporal's search and the chats. Notifications are sent in the
 * background, one at a time. Those that wait become one, because the bot reads the current view when it is notified.
 */
export interface StatusPublisher {
  /** Sets a status that only the view shows: a search attribute for it would cost an event in the history. */
  setViewStatus(status: RunStatus): void;
  /** Sets a status in the view and in Temporal's search. */
  publishStatus(status: RunStatus): void;
  notify(kind: NotificationKind): void;
  /** Starts the sender. Call it once, in a scope that is never cancelled. */
  startNotifying(): void;
  /** Resolves when every notification has been sent. */
  flush(): Promise<void>;
}

const describeRun = ({ view: { kind, name, environment } }: RunState): string =>
  kind === 'deploy' ? `${name} to ${environment}` : `${kind} ${name}`;

export const createStatusPublisher = (
  run: RunState,
  notifyUsers: (notification: RunNotification) => Promise<void>,
): StatusPublisher => {
  const { workflowId } = run.view;
  let searchable: RunStatus | null = null;
  let pending: NotificationKind | null = null;
  let isSending = false;

  const setViewStatus = (status: RunStatus): void => {
    run.set({ status });
    setCurrentDetails(`${describeRun(run)}: ${status}`);
  };

  const sendPending = async (): Promise<never> => {
    for (;;) {
      await condition(() => pending !== null);
      const kind: NotificationKind = pending ?? 'finished';
      pending = null;
      isSending = true;
      try {
        await notifyUsers({ workflowId, kind });
      } catch (error) {
        log.warn('notification failed', { kind, error: String(error) });
      }
      isSending = false;
    }
  };

  return {
    setViewStatus,
    publishStatus: (status) => {
      setViewStatus(status);
      if (searchable === status) return;
      searchable = status;
      upsertSearchAttributes([{ key: searchAttributes.status, value: status }]);
    },
    notify: (kind) => {
      pending = moreUrgent(pending, kind);
    },
    startNotifying: () => void sendPending(),
    flush: () => condition(() => pending === null && !isSending),
  };
};
