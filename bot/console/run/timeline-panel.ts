import type { RunEvent } from '../../../workflows/contract/run-event.ts';
import type { Card } from '../../cards/card.ts';
import { describeCounts } from '../../cards/plan-sections.ts';
import { runUrl } from '../../cards/run-buttons.ts';
import type { LiveRun } from '../../runs/port.ts';
import { cancelledBy, stageLabels } from '../../text/run-text.ts';
import { shortId } from '../../text/short-id.ts';
import { formatTime } from '../../text/time.ts';
import { type Html, html, nothing, renderTime } from '../layout/html.ts';
import { toneIcon } from '../layout/icons.ts';

type Told = readonly [Card['tone'], Html];

const runLink = (workflowId: string): Html =>
  html`<a class="id" href="${runUrl('', workflowId)}">${shortId(workflowId)}</a>`;

const because = (reason: string | null): string => (reason === null || reason === '' ? '' : `: ${reason}`);

/** A stack is not taken from a branch. */
const from = (ref: string): Html => (ref === '' ? nothing : html`, from <code>${ref}</code>`);

const words = (event: RunEvent): Told => {
  switch (event.kind) {
    case 'asked':
      return [
        'neutral',
        html`${event.by.name} asked for it${from(event.ref)}${event.force ? ', forced' : ''}`,
      ];
    case 'queued':
      return [
        'neutral',
        html`Queued, number ${event.position}${event.behind === null ? '' : html` behind ${runLink(event.behind)}`}`,
      ];
    case 'started':
      return ['neutral', html`It had its turn and began`];
    case 'nothing_changed':
      return [
        'neutral',
        html`Nothing changed since ${runLink(event.lastRun)}, at <code>${event.commit.slice(0, 7)}</code>`,
      ];
    case 'planned':
      return ['neutral', html`Planned: ${describeCounts(event.counts)}`];
    case 'question':
      return ['attention', html`Asked for approval, until ${formatTime(event.expiresAt)}`];
    case 'reminded':
      return ['attention', html`Reminded; it expires at ${formatTime(event.expiresAt)}`];
    case 'approved':
      return [
        'good',
        html`${event.by.name} approved, ${event.votes} of ${event.required}${because(event.reason)}`,
      ];
    case 'denied':
      return ['bad', html`${event.by.name} denied: ${event.reason}`];
    case 'expired':
      return ['neutral', html`Nobody decided in time`];
    case 'not_counted':
      return ['neutral', html`${event.by?.name ?? 'Somebody'} decided, and it did not count: ${event.why}`];
    case 'applying':
      return ['neutral', html`Began to apply plan <code>${event.digest.slice(0, 8)}</code>`];
    case 'applied':
      return [
        'good',
        html`Applied: ${event.added} added, ${event.changed} changed, ${event.destroyed} destroyed`,
      ];
    case 'apply_aborted':
      return ['bad', html`The apply stopped after ${event.done} of ${event.total}: ${event.message}`];
    case 'failed':
      return ['bad', html`Failed at “${stageLabels[event.stage]}”: ${event.message}`];
    case 'cancelled':
      return ['neutral', html`Cancelled ${cancelledBy(event.by)}${because(event.reason)}`];
    case 'retried':
      return ['neutral', html`${event.by.name} resumed it at “${stageLabels[event.from]}”`];
    case 'succeeded':
      return ['good', html`Deployed`];
    default:
      return event satisfies never;
  }
};

const line = (event: RunEvent): Html => {
  const [tone, text] = words(event);
  return html`<li class="tone-${tone}">${toneIcon[tone]}<p>${text}</p>${renderTime(event.at, 'clock')}</li>`;
};

/** What happened, in order. */
export const renderTimeline = ({ view, endedOutside }: LiveRun): Html => html`
  <section id="run-timeline" class="panel" aria-labelledby="run-timeline-title">
    <h2 id="run-timeline-title">What happened</h2>
    <ol class="timeline">${view.events.map(line)}${
      endedOutside === null
        ? ''
        : html`<li class="tone-bad">${toneIcon.bad}<p>Ended from outside (${endedOutside}); it cleaned nothing up</p></li>`
    }</ol>
  </section>`;
