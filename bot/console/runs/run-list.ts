import type { FoundRuns } from '../../runs/port.ts';
import { pluralize } from '../../text/plain-text.ts';
import { type Html, html, nothing } from '../layout/html.ts';
import { renderRunsTable } from './runs-table.ts';

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
