import { runUrl } from '../../cards/run-buttons.ts';
import { toneOf } from '../../cards/run-words.ts';
import { shortId } from '../../cards/short-id.ts';
import type { LiveRun } from '../../runs/port.ts';
import { type Html, html, nothing } from '../html.ts';
import { statusWord, toneSign } from './signs.ts';
import { moment, span } from './when.ts';

const row = (run: LiveRun): Html => {
  const { view, endedOutside } = run;
  const tone = toneOf(run);
  const status =
    endedOutside !== null && view.endedAt === null ? `Ended from outside` : statusWord[view.status];
  return html`
  <tr>
    <td class="state tone-${tone}">${toneSign[tone]}<span>${status}</span></td>
    <th scope="row"><a href="${runUrl('', view.workflowId)}">${view.service} <span class="to">to</span> ${view.environment}</a></th>
    <td class="id">${shortId(view.workflowId)}</td>
    <td class="commit">${view.commit === null ? nothing : html`<span class="id">${view.commit.sha.slice(0, 7)}</span> <span class="subject">${view.commit.subject}</span>`}</td>
    <td class="by">${view.requestedBy.name}</td>
    <td class="at">${moment(view.askedAt, 'ago')}</td>
    <td class="took">${endedOutside !== null && view.endedAt === null ? nothing : span(view.askedAt, view.endedAt)}</td>
  </tr>`;
};

/** The list as it is replaced when something changes. */
export const renderRunsTable = (runs: readonly LiveRun[], empty: string): Html => html`
  <div id="runs-table" class="runs">${
    runs.length === 0
      ? html`<p class="empty">${empty}</p>`
      : html`<table>
    <thead><tr><th scope="col">Status</th><th scope="col">What</th><th scope="col">Run</th><th scope="col">Commit</th><th scope="col">Asked by</th><th scope="col">When</th><th scope="col">Took</th></tr></thead>
    <tbody>${runs.map(row)}</tbody>
  </table>`
  }</div>`;
