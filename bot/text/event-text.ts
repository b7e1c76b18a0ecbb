import type { Person } from '../../workflows/contract/person.ts';
import { describeCounts } from '../../workflows/contract/plan-counts.ts';
import type { RunEvent } from '../../workflows/contract/run-event.ts';
import type { RunView } from '../../workflows/contract/run-view.ts';
import type { Tone } from '../cards/card.ts';
import { toPlainText } from './plain-text.ts';
import { shortId } from './run-name.ts';
import { cancelledBy, describeSuccess, stageLabels } from './run-text.ts';
import { formatTime } from './time.ts';

/** One event of a run as a clause without a full stop, the same in threads, timeline and audit trail. */
export interface EventText {
  readonly tone: Tone;
  readonly text: string;
  /** Another run that the text names by its short ID. */
  readonly otherRun?: string;
}

const nameOf = ({ name }: Person): string => toPlainText(name);

const withReason = (text: string, reason: string | null): string =>
  reason === null || reason === '' ? text : `${text}: ${reason}`;

const queued = ({ position, behind }: Extract<RunEvent, { kind: 'queued' }>): EventText => ({
  tone: 'neutral',
  text: `Queued at position ${position}${behind === null ? '' : ` behind ${shortId(behind)}`}`,
  ...(behind === null ? {} : { otherRun: behind }),
});

/** Describes an event. Reasons and messages are not shortened, and not escaped for any chat. */
export const describeEvent = (event: RunEvent, view: Pick<RunView, 'kind'>): EventText => {
  switch (event.kind) {
    case 'asked': {
      // A stack has no branch.
      const from = event.ref === '' ? '' : ` from ${event.ref}`;
      return {
        tone: 'neutral',
        text: `Requested by ${nameOf(event.by)}${from}${event.force ? ', forced' : ''}`,
      };
    }
    case 'queued':
      return queued(event);
    case 'started':
      return { tone: 'neutral', text: 'Started' };
    case 'nothing_changed':
      return {
        tone: 'neutral',
        text: `No changes since run ${shortId(event.lastRun)} (commit ${event.commit.slice(0, 7)})`,
        otherRun: event.lastRun,
      };
    case 'planned':
      return { tone: 'neutral', text: `Plan ready: ${describeCounts(event.counts)}` };
    case 'question':
      return { tone: 'warning', text: `Approval needed by ${formatTime(event.expiresAt)}` };
    case 'reminded':
      return { tone: 'warning', text: `Reminder: approval needed by ${formatTime(event.expiresAt)}` };
    case 'approved': {
      const text = `Approved by ${nameOf(event.by)} (${event.votes} of ${event.required})`;
      return { tone: 'good', text: withReason(text, event.reason) };
    }
    case 'denied':
      return { tone: 'bad', text: withReason(`Denied by ${nameOf(event.by)}`, event.reason) };
    case 'expired':
      return { tone: 'neutral', text: 'Approval expired; nothing was applied' };
    case 'not_counted': {
      const by = event.by === null ? '' : ` by ${nameOf(event.by)}`;
      return { tone: 'neutral', text: `Decision${by} rejected: ${event.why}` };
    }
    case 'applying':
      return { tone: 'neutral', text: `Applying plan ${event.digest.slice(0, 8)}` };
    case 'applied':
      return {
        tone: 'good',
        text: `Applied: ${event.added} added, ${event.changed} changed, ${event.destroyed} destroyed`,
      };
    case 'apply_aborted':
      return { tone: 'bad', text: `Apply stopped after ${event.done} of ${event.total}: ${event.message}` };
    case 'failed':
      return { tone: 'bad', text: `Failed at “${stageLabels[event.stage]}”: ${event.message}` };
    case 'cancelled':
      return { tone: 'neutral', text: withReason(`Cancelled ${cancelledBy(event.by)}`, event.reason) };
    case 'retried':
      return {
        tone: 'neutral',
        text: `Resumed by ${nameOf(event.by)} at “${stageLabels[event.from]}”`,
      };
    case 'succeeded':
      return { tone: 'good', text: describeSuccess(view) };
    default:
      return event satisfies never;
  }
};
