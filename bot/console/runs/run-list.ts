import { hasEnded } from '../../../workflows/contract/run-status.ts';
import type { ListedRun } from '../../cards/listed-run.ts';
import { runUrl } from '../../cards/run-buttons.ts';
import type { RunSearchResult } from '../../runs/types.ts';
import { pluralize } from '../../text/plain-text.ts';
import { shortId } from '../../text/run-name.ts';
import { getStatusTone } from '../../text/run-text.ts';
import { type Html, html, nothing, renderDuration, renderTime } from '../layout/html.ts';
import { statusLabel, toneIcon } from '../layout/icons.ts';

const renderTarget = ({ name, environment }: ListedRun): Html => {
  if (environment === null) return html`<span class="to">stack</span> ${name}`;
  return environment === '' ? html`${name}` : html`${name} <span class="to">to</span> ${environment}`;
};

const renderCommit = ({ snapshot }: ListedRun): Html => {
  const commit = snapshot?.view.commit ?? null;
  return commit === null
    ? nothing
    : html`<span class="id">${commit.sha.slice(0, 7)}</span> <span class="subject">${commit.subject}</span>`;
};

const renderRow = (run: ListedRun): Html => {
  const isClosedOutside = run.externalEnd !== null && !hasEnded(run.status);
  const tone = getStatusTone(run.status, run.externalEnd);
  return html`
  <tr>
    <td class="state tone-${tone}">${toneIcon[tone]}<span>${isClosedOutside ? 'Closed in Temporal' : statusLabel[run.status]}</span></td>
    <th scope="row"><a href="${runUrl('', run.workflowId)}">${renderTarget(run)}</a></th>
    <td class="id">${shortId(run.workflowId)}</td>
    <td class="commit">${renderCommit(run)}</td>
    <td class="by">${run.requester}</td>
    <td class="at">${renderTime(run.askedAt, 'ago')}</td>
    <td class="took">${isClosedOutside && run.endedAt === null ? nothing : renderDuration(run.askedAt, run.endedAt)}</td>
  </tr>`;
};

/** One row for each run; `empty` is shown when there are none. */
export const renderRunsTable = (runs: readonly ListedRun[], empty: string): Html => html`
  <div class="runs">${
    runs.length === 0
      ? html`<p class="empty">${empty}</p>`
      : html`<table>
    <thead><tr><th scope="col">Status</th><th scope="col">Target</th><th scope="col">Run</th><th scope="col">Commit</th><th scope="col">Requested by</th><th scope="col">Requested</th><th scope="col">Duration</th></tr></thead>
    <tbody>${runs.map(renderRow)}</tbody>
  </table>`
  }</div>`;

/** A page of the list, or the problem with its filters. */
export type RunListPage =
  | { readonly problem: string }
  | (RunSearchResult & {
      readonly page: number;
      readonly pages: number;
      readonly isFiltered: boolean;
      /** URLs of the adjacent pages; null at either end. */
      readonly newer: string | null;
      readonly older: string | null;
    });

type RunList = Exclude<RunListPage, { readonly problem: string }>;

export const noRunsYet = 'No runs yet.';

const emptyText = ({ page, total, isFiltered }: RunList): string => {
  if (page > 1 && total > 0) return 'This page does not exist.';
  return isFiltered ? 'No matching runs.' : noRunsYet;
};

const renderLink = (href: string | null, rel: 'prev' | 'next', label: string): Html =>
  href === null ? nothing : html`<a class="button plain" href="${href}" rel="${rel}">${label}</a>`;

const renderPageLinks = (found: RunList): Html => html`
  <nav class="pages" aria-label="Pages">
    ${renderLink(found.newer, 'prev', 'Newer')}
    ${renderLink(found.older, 'next', 'Older')}
    <span class="small">${pluralize(found.total, 'run')}${found.pages > 1 ? html`, page ${found.page} of ${found.pages}` : nothing}</span>
  </nav>`;

/** The list; the page replaces it when it changes. */
export const renderRunList = (found: RunListPage): Html =>
  'problem' in found
    ? html`<div id="runs-found"><p class="notice" role="alert">${found.problem}</p></div>`
    : html`
  <div id="runs-found">
    ${found.stale ? html`<p class="notice">Temporal isn’t responding. Showing the last known state of the runs.</p>` : nothing}
    ${renderRunsTable(found.runs, emptyText(found))}
    ${found.total === 0 ? nothing : renderPageLinks(found)}
  </div>`;
