import { toEnvironmentKey } from '../../../workflows/contract/target.ts';
import { readSearch, searchParts, type TypedSearch } from '../../runs/search/read-search.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { html } from '../layout/html.ts';
import type { Page } from '../layout/layout.ts';
import { renderCatalogNotice } from '../layout/layout.ts';
import { type FilterChoices, renderRunFilters } from './run-filters.ts';
import { type RunListPage, renderRunList, renderRunsPage } from './run-list.ts';

const maxQueryLength = 200;

/** The search that an address carries, as it was typed. */
export const readSearchQuery = (query: URLSearchParams): TypedSearch =>
  Object.fromEntries(
    searchParts.flatMap((part) => {
      const text = query.get(part)?.trim().slice(0, maxQueryLength) ?? '';
      return text === '' ? [] : [[part, text]];
    }),
  );

/** The address of a list. */
export const toRunsUrl = (typed: TypedSearch): string => {
  const query = new URLSearchParams();
  for (const part of searchParts) if (typed[part]) query.set(part, typed[part]);
  return query.size === 0 ? '/runs' : `/runs?${query}`;
};

const pageSize = 30;

const load = async ({ runs }: Pick<ConsoleDeps, 'runs'>, typed: TypedSearch): Promise<RunListPage> => {
  const read = readSearch(typed, pageSize, Date.now());
  if ('problem' in read) return read;
  const { search } = read;
  const found = await runs.search(search);
  const at = (page: number) => toRunsUrl({ ...typed, page: page === 1 ? '' : String(page) });
  const pages = Math.max(1, Math.ceil(found.total / pageSize));
  return {
    ...found,
    page: search.page,
    pages,
    isFiltered: Object.keys(typed).some((part) => part !== 'page'),
    newer: search.page > 1 ? at(Math.min(search.page - 1, pages)) : null,
    older: search.page < pages ? at(search.page + 1) : null,
  };
};

const choices = async ({
  runs,
  getCatalogSummary,
}: Pick<ConsoleDeps, 'runs' | 'getCatalogSummary'>): Promise<FilterChoices> => {
  const places = (await runs.environments()).map(toEnvironmentKey);
  const { services = [], stacks = [], people = [] } = getCatalogSummary() ?? {};
  return {
    subjects: [...places.map(({ service }) => service), ...services.map(({ name }) => name), ...stacks],
    environments: [
      ...places.map(({ environment }) => environment),
      ...services.flatMap(({ environments }) => environments.map(({ name }) => name)),
    ],
    people,
  };
};

/** The list of runs. */
export const loadRunsPage = async (
  deps: Pick<ConsoleDeps, 'runs' | 'getCatalogSummary' | 'catalogProblems'>,
  typed: TypedSearch,
): Promise<Page> => {
  const catalog = renderCatalogNotice(deps);
  const [found, known] = await Promise.all([load(deps, typed), choices(deps)]);
  const list = renderRunList(found);
  return {
    title: 'Runs',
    current: 'runs',
    content: html`${catalog}${renderRunsPage(renderRunFilters(typed, known), list)}`,
    regions: [catalog, list],
  };
};
