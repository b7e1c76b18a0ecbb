import { type RunStatus, runStatuses } from '../../../workflows/contract/run-status.ts';
import type { RunFilter } from '../../runs/port.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { html } from '../html.ts';
import { renderCatalogNotice } from '../render/catalog-notice.ts';
import { emptyRuns, renderRuns } from '../render/runs-page.ts';
import { renderRunsTable } from '../render/runs-table.ts';
import type { Page } from './page.ts';

const pageSize = 30;
const names = ['status', 'service', 'environment', 'requester', 'before'] as const;

const isStatus = (value: string): value is RunStatus => runStatuses.some((status) => status === value);

/** Reads the filter off an address; what makes no sense is left out. */
export const readFilter = (query: URLSearchParams): RunFilter => {
  const text = (name: (typeof names)[number]) => query.get(name)?.trim().slice(0, 200) || undefined;
  const [status, service, environment, requester] = names.slice(0, 4).map(text);
  const before = Number(text('before') ?? Number.NaN);
  return {
    limit: pageSize,
    ...(status !== undefined && isStatus(status) ? { status } : {}),
    ...(service === undefined ? {} : { service }),
    ...(environment === undefined ? {} : { environment }),
    ...(requester === undefined ? {} : { requester: requester.toLowerCase() }),
    ...(Number.isSafeInteger(before) && before > 0 ? { before } : {}),
  };
};

/** The address of a list. */
export const runsAddress = ({ limit: _, ...filter }: RunFilter): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) query.set(name, String(value));
  return query.size === 0 ? '/runs' : `/runs?${query}`;
};

/** The list of runs. */
export const loadRuns = async (
  deps: Pick<ConsoleDeps, 'runs' | 'outline' | 'catalogProblems'>,
  filter: RunFilter,
): Promise<Page> => {
  const { runs, outline } = deps;
  const catalog = renderCatalogNotice(deps);
  const [found, environments] = await Promise.all([
    runs.list({ ...filter, limit: pageSize + 1 }),
    runs.environments(),
  ]);
  const shown = found.slice(0, pageSize);
  const last = shown.at(-1);
  const { before, ...first } = filter;
  const known = outline();
  const content = renderRuns({
    runs: shown,
    filter,
    services: [
      ...environments.map(({ service }) => service),
      ...(known?.services ?? []).map(({ name }) => name),
    ],
    environments: [
      ...environments.map(({ environment }) => environment),
      ...(known?.services ?? []).flatMap((service) => service.environments.map(({ name }) => name)),
    ],
    requesters: [...(known?.people ?? []), ...shown.map(({ view }) => view.requestedBy.id)],
    older:
      found.length > pageSize && last !== undefined
        ? runsAddress({ ...filter, before: last.view.askedAt })
        : null,
    newest: before === undefined ? null : runsAddress(first),
  });
  return {
    title: 'Runs',
    current: 'runs',
    content: html`${catalog}${content}`,
    regions: [catalog, renderRunsTable(shown, emptyRuns(filter))],
  };
};
