import type { RunEvent } from '../../workflows/contract/run-event.ts';
import { hasEnded, type RunStatus } from '../../workflows/contract/run-status.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import type { ThreadPost } from '../platform/platform.ts';
import { describeEvent } from '../text/event-text.ts';
import { runNoun } from '../text/run-name.ts';
import { describeApplyOutcome, describeExternalEnd } from '../text/run-text.ts';
import type { LiveRun } from './port.ts';

/** A contribution to a run's thread; its part names it for ever, so it is made once. */
export interface PlannedPost {
  readonly part: string;
  readonly post: Omit<ThreadPost, 'file'>;
  /** The plan's text is added as a file. */
  readonly withPlan: boolean;
}

/** A run that was stopped says what it left in the environment. */
const withApplyOutcome = (text: string, view: RunView): string => {
  const outcome = describeApplyOutcome(view);
  return outcome === null ? text : `${text}; ${outcome}`;
};

/** What an event adds to the thread; null for events that the card shows well enough. */
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

/** The facts of which one is the last word so far. */
const outcomes: ReadonlySet<RunEvent['kind']> = new Set([...failing, 'succeeded']);

const ofFailures: ReadonlySet<RunEvent['kind']> = new Set([...outcomes, 'apply_aborted', 'retried']);

const wasResumed = ({ view }: LiveRun): boolean => view.events.some(({ kind }) => kind === 'retried');

/**
 * For those who hear of failures alone. The card that comes with the first one is loud enough; from then
 * on it changes in place, so that the run failed again, or works again, is said aloud.
 */
const toFailurePost = (event: RunEvent, run: LiveRun): Omit<ThreadPost, 'file'> | null => {
  const post = ofFailures.has(event.kind) ? toPost(event, run) : null;
  if (post === null) return null;
  const last = run.view.events.findLast(({ kind }) => outcomes.has(kind));
  const aloud = wasResumed(run) && last?.seq === event.seq;
  const again = aloud && event.kind === 'succeeded';
  return {
    ...post,
    ...(again ? { text: `Recovered: the ${runNoun(run.view)} succeeded` } : {}),
    broadcast: aloud,
  };
};

const outside = ({ endedOutside }: LiveRun, broadcast: boolean): readonly PlannedPost[] =>
  endedOutside === null
    ? []
    : [
        {
          part: 'ended-outside',
          post: { text: describeExternalEnd(endedOutside), broadcast },
          withPlan: false,
        },
      ];

/** What a run's thread holds by now, in order; drawn from the events, so it is the same everywhere. */
export const threadPosts = (run: LiveRun, events: 'all' | 'failures'): readonly PlannedPost[] => [
  ...run.view.events.flatMap((event) => {
    const post = events === 'all' ? toPost(event, run) : toFailurePost(event, run);
    if (post === null) return [];
    const withPlan = event.kind === 'planned' && run.view.plan?.digest === event.digest;
    return [{ part: `${event.seq}-${event.kind}`, post, withPlan }];
  }),
  ...outside(run, events === 'all' || wasResumed(run)),
];

const failures: ReadonlySet<RunStatus> = new Set(failing);

/** True when those who hear only of failures must hear of it: it ended, and not as it was meant to. */
export const isFailure = ({ view, endedOutside }: LiveRun): boolean =>
  failures.has(view.status) || (endedOutside !== null && !hasEnded(view.status));
