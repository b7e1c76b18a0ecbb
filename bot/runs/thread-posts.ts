import { describeCounts } from '../../workflows/contract/plan-counts.ts';
import type { RunEvent } from '../../workflows/contract/run-event.ts';
import { hasEnded, type RunStatus } from '../../workflows/contract/run-status.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import type { ThreadPost } from '../platform/platform.ts';
import { describeApplyOutcome } from '../text/apply-outcome.ts';
import { runNoun } from '../text/run-subject.ts';
import { cancelledBy, stageLabels } from '../text/run-text.ts';
import { formatTime } from '../text/time.ts';
import type { LiveRun } from './port.ts';

/** A contribution to a run's thread; its part names it for ever, so it is made once. */
export interface PlannedPost {
  readonly part: string;
  readonly post: Omit<ThreadPost, 'file'>;
  /** The plan's text is added as a file. */
  readonly withPlan: boolean;
}

const because = (reason: string | null): string => (reason === null || reason === '' ? '' : `: ${reason}`);

const withLeft = (said: string, view: RunView): string => {
  const left = describeApplyOutcome(view);
  return left === null ? said : `${said}; ${left}.`;
};

const words = (event: RunEvent, run: LiveRun): Omit<ThreadPost, 'file'> | null => {
  const { view } = run;
  switch (event.kind) {
    case 'planned':
      return { text: `The plan is ready: ${describeCounts(event.counts)}.` };
    case 'question':
      return {
        text: `This waits for approval until ${formatTime(event.expiresAt)}.`,
        mentions: (view.approval?.approvers ?? []).slice(0, 10),
      };
    case 'reminded':
      return {
        text: `Still waiting for approval; it expires at ${formatTime(event.expiresAt)}.`,
        mentions: (view.approval?.approvers ?? []).slice(0, 10),
      };
    case 'approved':
      return {
        text: `${event.by.name} approved (${event.votes} of ${event.required})${because(event.reason)}`,
      };
    case 'denied':
      return { text: withLeft(`${event.by.name} denied: ${event.reason}`, view) };
    case 'expired':
      return { text: 'Nobody decided in time. Nothing was applied.' };
    case 'applied':
      return {
        text: `Applied: ${event.added} added, ${event.changed} changed, ${event.destroyed} destroyed.`,
      };
    case 'apply_aborted':
      return { text: `The apply stopped after ${event.done} of ${event.total}: ${event.message}` };
    case 'failed':
      return {
        text: `Failed at “${stageLabels[event.stage]}”: ${event.message}`,
        ...(view.failure?.stage === event.stage && view.failure.tail.length > 0
          ? { lines: view.failure.tail.slice(-20) }
          : {}),
        ...(view.status === 'failed' ? { broadcast: true } : {}),
      };
    case 'cancelled':
      return { text: withLeft(`Cancelled ${cancelledBy(event.by)}${because(event.reason)}`, view) };
    case 'retried':
      return { text: `${event.by.name} resumed it at “${stageLabels[event.from]}”.` };
    case 'succeeded':
      return { text: `Done: the ${runNoun(view)} succeeded.` };
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
const wordsOfFailures = (event: RunEvent, run: LiveRun): Omit<ThreadPost, 'file'> | null => {
  const post = ofFailures.has(event.kind) ? words(event, run) : null;
  if (post === null) return null;
  const last = run.view.events.findLast(({ kind }) => outcomes.has(kind));
  const aloud = wasResumed(run) && last?.seq === event.seq;
  const again = aloud && event.kind === 'succeeded';
  return {
    ...post,
    ...(again ? { text: `This works again: the ${runNoun(run.view)} succeeded.` } : {}),
    broadcast: aloud,
  };
};

const outside = ({ endedOutside }: LiveRun, broadcast: boolean): readonly PlannedPost[] =>
  endedOutside === null
    ? []
    : [
        {
          part: 'ended-outside',
          post: { text: `This run was ${endedOutside} from outside; it cleaned nothing up.`, broadcast },
          withPlan: false,
        },
      ];

/** What a run's thread holds by now, in order; drawn from the events, so it is the same everywhere. */
export const threadPosts = (run: LiveRun, events: 'all' | 'failures'): readonly PlannedPost[] => [
  ...run.view.events.flatMap((event) => {
    const post = events === 'all' ? words(event, run) : wordsOfFailures(event, run);
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
