import type { RunEvent } from '../../../workflows/contract/run-event.ts';
import type { RunView } from '../../../workflows/contract/run-view.ts';
import { runUrl } from '../../cards/run-buttons.ts';
import type { LiveRun } from '../../runs/types.ts';
import { describeEvent, type EventText } from '../../text/event-text.ts';
import { shortId } from '../../text/run-name.ts';
import { describeExternalEnd } from '../../text/run-text.ts';
import { type Html, html, renderTime } from '../layout/html.ts';
import { toneIcon } from '../layout/icons.ts';

/** The text, with the other run that it names as a link. */
const renderEventText = ({ text, otherRun }: EventText): Html => {
  if (otherRun === undefined) return html`${text}`;
  const id = shortId(otherRun);
  const at = text.indexOf(id);
  return html`${text.slice(0, at)}<a class="id" href="${runUrl('', otherRun)}">${id}</a>${text.slice(at + id.length)}`;
};

const renderEvent = (event: RunEvent, view: RunView): Html => {
  const described = describeEvent(event, view);
  const { tone } = described;
  return html`<li class="tone-${tone}">${toneIcon[tone]}<p>${renderEventText(described)}</p>${renderTime(event.at, 'clock')}</li>`;
};

/** The events of a run, in order. */
export const renderTimeline = ({ view, externalEnd }: LiveRun): Html => html`
  <section id="run-timeline" class="panel" aria-labelledby="run-timeline-title">
    <h2 id="run-timeline-title">Timeline</h2>
    <ol class="timeline">${view.events.map((event) => renderEvent(event, view))}${
      externalEnd === null
        ? ''
        : html`<li class="tone-bad">${toneIcon.bad}<p>${describeExternalEnd(externalEnd)}</p></li>`
    }</ol>
  </section>`;
