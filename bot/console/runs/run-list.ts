import { hasEnded } from '../../../workflows/contract/run-status.ts';
import type { ListedRun } from '../../cards/listed-run.ts';
import { runUrl } from '../../cards/run-buttons.ts';
import type { FoundRuns } from '../../runs/port.ts';
import { pluralize } from '../../text/plain-text.ts';
import { getStatusTone } from '../../text/run-text.ts';
import { shortId } from '../../text/short-id.ts';
import { type Html, html, nothing } from '../layout/html.ts';
import { statusLabel, toneIcon } from '../layout/icons.ts';
import { renderDuration, renderTime } from '../layout/time.ts';

const what = ({ name, environment }: ListedRun): Html => {
  if (environment === null) return html`<span class="to">stack</span> ${name}`;
  return environment === '' ? html`${name}` : html`${name} <span class="to">to</span> ${environment}`;
};

const commit = ({ snapshot: seen }: ListedRun): Html => {
  const known = seen?.view.commit ?? null;
  return known === null
    ? nothing
    : html`<span class="id">${known.sha.slice(0, 7)}</span> <span class="subject">${known.subject}</span>`;
};

const row = (run: ListedRun): Html => {
  const cutShort = run.endedOutside !== null && !hasEnded(run.status);
  const tone = getStatusTone(run.status, run.endedOutside);
  return html`
  <tr>
    <td class="state tone-${tone}">${toneIcon[tone]}<span>${cutShort ? 'Ended from outside' : statusLabel[run.status]}</span></td>
    <th scope="row"><a href="${runUrl('', run.workflowId)}">${what(run)}</a></th>
    <td class="id">${shortId(run.workflowId)}</td>
    <td class="commit">${commit(run)}</td>
    <td class="by">${run.requester}</td>
    <td class="at">${renderTime(run.askedAt, 'ago')}</td>
    <td class="took">${cutShort && run.endedAt === null ? nothing : renderDuration(run.askedAt, run.endedAt)}</td>
  </tr>`;
};

/** Runs, one a line. */
export const renderRunsTable = (runs: readonly ListedRun[], empty: string): Html => html`
  <div class="runs">${
    runs.length === 0
      ? html`<p class="empty">${empty}</p>`
      : html`<table>
    <thead><tr><th scope="col">Status</th><th scope="col">What</th><th scope="col">Run</th><th scope="col">Commit</th><th scope="col">Asked by</th><th scope="col">When</th><th scope="col">Took</th></tr></thead>
    <tbody>${runs.map(row)}</tbody>
  </table>`
  }</div>`;

/** A page of runs, or why there is none. */
export type RunListPage =
  | { readonly problem: string }
  | (FoundRuns & {
      readonly page: number;
      readonly pages: number;
      readonly isFiltered: boolean;
      /** Addresses of the pages beside this one; null at either end. */
      readonly newer: string | null;
      readonly older: string | null;
    });

type RunList = Exclude<RunListPage, { readonly problem: string }>;

export const noRunsYet = 'Nothing was deployed from here yet.';

const emptyText = ({ page, total, isFiltered }: RunList): string => {
  if (page > 1 && total > 0) return 'There is no such page.';
  return isFiltered ? 'No run is like that.' : noRunsYet;
};

const link = (href: string | null, rel: 'prev' | 'next', label: string): Html =>
  href === null ? nothing : html`<a class="button plain" href="${href}" rel="${rel}">${label}</a>`;

const pages = (found: RunList): Html => html`
  <nav class="pages" aria-label="Pages of the list">
    ${link(found.newer, 'prev', 'Newer')}
    ${link(found.older, 'next', 'Older')}
    <span class="small">${pluralize(found.total, 'run')}${found.pages > 1 ? html`, page ${found.page} of ${found.pages}` : nothing}</span>
  </nav>`;

/** The list as it is replaced when something changes. */
export const renderRunList = (found: RunListPage): Html =>
  'problem' in found
    ? html`<div id="runs-found"><p class="notice" role="alert">${found.problem}</p></div>`
    : html`
  <div id="runs-found">
    ${found.stale ? html`<p class="notice">Temporal does not answer just now. These are the runs as they were seen last.</p>` : nothing}
    ${renderRunsTable(found.runs, emptyText(found))}
    ${found.total === 0 ? nothing : pages(found)}
  </div>`;

export const renderRunsPage = (filters: Html, list: Html): Html => html`
  <div class="wide">
    <h1>Runs</h1>
    ${filters}
    ${list}
  </div>`;
