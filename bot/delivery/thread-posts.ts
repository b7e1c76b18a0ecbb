import type { RunEvent } from '../../workflows/contract/run-event.ts';
import { hasEnded, type RunStatus } from '../../workflows/contract/run-status.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import type { ThreadPost } from '../platform/platform.ts';
import type { LiveRun } from '../runs/types.ts';
import { describeEvent } from '../text/event-text.ts';
import { runNoun } from '../text/run-name.ts';
import { describeApplyOutcome, describeExternalEnd } from '../text/run-text.ts';

/** A post in a run's thread. Its part is its permanent key, so each conversation gets it once. */
export interface PlannedPost {
  readonly part: string;
  readonly post: Omit<ThreadPost, 'file'>;
  /** The text of the plan is attached as a file. */
  readonly withPlan: boolean;
}

/** Adds what a stopped run left in the environment. */
const withApplyOutcome = (text: string, view: RunView): string => {
  const outcome = describeApplyOutcome(view);
  return outcome === null ? text : `${text}; ${outcome}`;
};

/** The thread post of an event; null for events that the card alone shows. */
const toPost = (event: RunEvent, { view }: LiveRun): Omit<ThreadPost, 'file'> | null => {
  const { text } = describeEvent(event, view);
  switch (event.kind) {
    case 'planned':
    case 'approved':
    case 'expired':
    case 'applied':
    case 'apply_aborted':
    case 'retried':
    case 'succeeded':
      return { text };
    case 'question':
    case 'reminded':
      return { text, mentions: (view.approval?.approvers ?? []).slice(0, 10) };
    case 'denied':
    case 'cancelled':
      return { text: withApplyOutcome(text, view) };
    case 'failed':
      return {
        text,
        ...(view.failure?.stage === event.stage && view.failure.tail.length > 0
          ? { lines: view.failure.tail.slice(-20) }
          : {}),
        ...(view.status === 'failed' ? { broadcast: true } : {}),
      };
    case 'asked':
    case 'queued':
    case 'started':
    case 'nothing_changed':
    case 'not_counted':
    case 'applying':
      return null;
    default:
      return event satisfies never;
  }
};

const failing = ['failed', 'denied', 'expired', 'cancelled'] as const;

/** Events that end a run, or an attempt of it. */
const outcomes: ReadonlySet<RunEvent['kind']> = new Set([...failing, 'succeeded']);

const failureEvents: ReadonlySet<RunEvent['kind']> = new Set([...outcomes, 'apply_aborted', 'retried']);

const wasRetried = ({ view }: LiveRun): boolean => view.events.some(({ kind }) => kind === 'retried');

/**
 * The thread post for a conversation that follows failures only. The first failure comes with a new card, which
 * notifies people by itself. Later the card is edited silently, so a further failure or a recovery is broadcast.
 */
const toFailurePost = (event: RunEvent, run: LiveRun): Omit<ThreadPost, 'file'> | null => {
  const post = failureEvents.has(event.kind) ? toPost(event, run) : null;
  if (post === null) return null;
  const last = run.view.events.findLast(({ kind }) => outcomes.has(kind));
  const broadcast = wasRetried(run) && last?.seq === event.seq;
  const recovered = broadcast && event.kind === 'succeeded';
  return {
    ...post,
    ...(recovered ? { text: `Recovered: the ${runNoun(run.view)} succeeded` } : {}),
    broadcast,
  };
};

const getExternalEndPost = ({ externalEnd }: LiveRun, broadcast: boolean): readonly PlannedPost[] =>
  externalEnd === null
    ? []
    : [
        {
          part: 'ended-outside',
          post: { text: describeExternalEnd(externalEnd), broadcast },
          withPlan: false,
        },
      ];

/** All posts of a run's thread so far, in order. They follow from its events, so every conversation gets the same. */
export const toThreadPosts = (run: LiveRun, events: 'all' | 'failures'): readonly PlannedPost[] => [
  ...run.view.events.flatMap((event) => {
    const post = events === 'all' ? toPost(event, run) : toFailurePost(event, run);
    if (post === null) return [];
    const withPlan = event.kind === 'planned' && run.view.plan?.digest === event.digest;
    return [{ part: `${event.seq}-${event.kind}`, post, withPlan }];
  }),
  ...getExternalEndPost(run, events === 'all' || wasRetried(run)),
];

const failures: ReadonlySet<RunStatus> = new Set(failing);

/** True for a run that ended without success: conversations that follow failures are notified. */
export const isFailure = ({ view, externalEnd }: LiveRun): boolean =>
  failures.has(view.status) || (externalEnd !== null && !hasEnded(view.status));
