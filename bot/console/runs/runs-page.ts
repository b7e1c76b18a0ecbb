import { Router } from 'express';
import { toEnvironmentKey } from '../../../workflows/contract/target.ts';
import type { GetCatalogSummary } from '../../commands/command.ts';
import { parseSearch, type SearchInput, searchFields } from '../../runs/search/parse-search.ts';
import type { Runs } from '../../runs/types.ts';
import { html } from '../layout/html.ts';
import { type CatalogState, type Page, renderCatalogNotice } from '../layout/layout.ts';
import type { SendPage } from '../layout/send-page.ts';
import { toStreamUrl } from '../live/stream-topic.ts';
import type { ViewerAccess } from '../security/viewer.ts';
import { type FilterChoices, renderRunFilters } from './run-filters.ts';
import { type RunListPage, renderRunList } from './run-list.ts';

export interface RunsPageDeps extends CatalogState {
  readonly runs: Runs;
}

const maxQueryLength = 200;
const pageSize = 30;

/** The filters of a URL, as they were typed. */
export const parseSearchQuery = (query: URLSearchParams): SearchInput =>
  Object.fromEntries(
    searchFields.flatMap((part) => {
      const text = query.get(part)?.trim().slice(0, maxQueryLength) ?? '';
      return text === '' ? [] : [[part, text]];
    }),
  );

const toRunsUrl = (typed: SearchInput): string => {
  const query = new URLSearchParams();
  for (const part of searchFields) if (typed[part]) query.set(part, typed[part]);
  return query.size === 0 ? '/runs' : `/runs?${query}`;
};

const loadRunList = async (runs: Runs, typed: SearchInput): Promise<RunListPage> => {
  const read = parseSearch(typed, pageSize, Date.now());
  if ('problem' in read) return read;
  const { search } = read;
  const found = await runs.search(search);
  const toUrl = (page: number) => toRunsUrl({ ...typed, page: page === 1 ? '' : String(page) });
  const pages = Math.max(1, Math.ceil(found.total / pageSize));
  return {
    ...found,
    page: search.page,
    pages,
    isFiltered: Object.keys(typed).some((part) => part !== 'page'),
    newer: search.page > 1 ? toUrl(Math.min(search.page - 1, pages)) : null,
    older: search.page < pages ? toUrl(search.page + 1) : null,
  };
};

const loadFilterChoices = async (
  runs: Runs,
  getCatalogSummary: GetCatalogSummary,
): Promise<FilterChoices> => {
  const known = (await runs.environments()).map(toEnvironmentKey);
  const { services = [], stacks = [], people = [] } = getCatalogSummary() ?? {};
  return {
    subjects: [...known.map(({ service }) => service), ...services.map(({ name }) => name), ...stacks],
    environments: [
      ...known.map(({ environment }) => environment),
      ...services.flatMap(({ environments }) => environments.map(({ name }) => name)),
    ],
    people,
  };
};

/** The list of runs with its filters. */
export const loadRunsPage = async (deps: RunsPageDeps, typed: SearchInput): Promise<Page> => {
  const catalog = renderCatalogNotice(deps);
  const [found, choices] = await Promise.all([
    loadRunList(deps.runs, typed),
    loadFilterChoices(deps.runs, deps.getCatalogSummary),
  ]);
  const list = renderRunList(found);
  const content = html`${catalog}
  <div class="wide">
    <h1>Runs</h1>
    ${renderRunFilters(typed, choices)}
    ${list}
  </div>`;
  return { title: 'Runs', current: 'runs', content, regions: [catalog, list] };
};

export const createRunsRoute = (deps: RunsPageDeps, access: ViewerAccess, sendPage: SendPage): Router => {
  const router = Router();
  router.get('/runs', async (request, response) => {
    const viewer = access.resolve(request, response);
    const typed = parseSearchQuery(new URL(request.originalUrl, 'http://console').searchParams);
    const page = await loadRunsPage(deps, typed);
    sendPage(request, response, viewer, page, toStreamUrl({ page: 'runs', filter: toRunsUrl(typed) }));
  });
  return router;
};
