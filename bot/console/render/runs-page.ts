import { runStatuses } from '../../../workflows/contract/run-status.ts';
import type { LiveRun, RunFilter } from '../../runs/port.ts';
import { type Html, html, nothing, raw } from '../html.ts';
import { renderRunsTable } from './runs-table.ts';
import { statusWord } from './signs.ts';

export interface RunsPage {
  readonly runs: readonly LiveRun[];
  readonly filter: RunFilter;
  readonly services: readonly string[];
  readonly environments: readonly string[];
  readonly requesters: readonly string[];
  /** Address of the next page; null on the last one. */
  readonly older: string | null;
  readonly newest: string | null;
}

const select = (
  name: string,
  label: string,
  all: readonly (readonly [string, string])[],
  chosen: string | undefined,
): Html => html`
  <label>${label}
    <select name="${name}">
      <option value="">all</option>
      ${all.map(([value, text]) => html`<option value="${value}"${value === chosen ? raw(' selected') : nothing}>${text}</option>`)}
    </select>
  </label>`;

const pairs = (values: readonly string[], chosen: string | undefined): (readonly [string, string])[] =>
  [...new Set([...values, ...(chosen === undefined ? [] : [chosen])])].sort().map((value) => [value, value]);

const filters = ({ filter, services, environments, requesters }: RunsPage): Html => html`
  <form class="filters" method="get" action="/runs" aria-label="Which runs to list">
    ${select(
      'status',
      'Status',
      runStatuses.map((status) => [status, statusWord[status]]),
      filter.status,
    )}
    ${select('service', 'Service', pairs(services, filter.service), filter.service)}
    ${select('environment', 'Environment', pairs(environments, filter.environment), filter.environment)}
    ${select('requester', 'Asked by', pairs(requesters, filter.requester), filter.requester)}
    <button class="button plain">Show</button>
  </form>`;

const isFiltered = ({ status, service, environment, requester }: RunFilter): boolean =>
  [status, service, environment, requester].some((value) => value !== undefined);

export const emptyRuns = (filter: RunFilter): string =>
  isFiltered(filter) ? 'No run is like that.' : 'Nothing was deployed from here yet.';

export const renderRuns = (page: RunsPage): Html => html`
  <div class="wide">
    <h1>Runs</h1>
    ${filters(page)}
    ${renderRunsTable(page.runs, emptyRuns(page.filter))}
    <nav class="pages" aria-label="Older and newer runs">
      ${page.newest === null ? nothing : html`<a class="button plain" href="${page.newest}">Newest</a>`}
      ${page.older === null ? nothing : html`<a class="button plain" href="${page.older}" rel="next">Older</a>`}
    </nav>
  </div>`;
