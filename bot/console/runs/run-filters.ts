import { runStatuses } from '../../../workflows/contract/run-status.ts';
import type { SearchInput } from '../../runs/search/parse-search.ts';
import { type Html, html, nothing, raw } from '../layout/html.ts';
import { statusLabel } from '../layout/icons.ts';

/** The options of the filters. */
export interface FilterChoices {
  /** Services and stacks. */
  readonly subjects: readonly string[];
  readonly environments: readonly string[];
  readonly people: readonly string[];
}

const renderSelect = (
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

/** Keeps a value that was typed, also when it is unknown. */
const toOptions = (values: readonly string[], chosen: string | undefined): (readonly [string, string])[] =>
  [...new Set([...values, ...(chosen === undefined ? [] : [chosen])])].sort().map((value) => [value, value]);

const toStatusOptions = (chosen: string | undefined): (readonly [string, string])[] => {
  const known = runStatuses.map((status) => [status, statusLabel[status]] as const);
  const isKnown = chosen === undefined || known.some(([status]) => status === chosen);
  return isKnown ? known : [...known, [chosen, chosen]];
};

const renderTimeField = (
  name: 'since' | 'until',
  label: string,
  typed: SearchInput,
  example: string,
): Html => html`
  <label>${label}<input name="${name}" value="${typed[name] ?? ''}" placeholder="${example}" autocomplete="off" maxlength="40"></label>`;

/** The form above the list. It works without scripts, and its URL can be shared. */
export const renderRunFilters = (
  typed: SearchInput,
  { subjects, environments, people }: FilterChoices,
): Html => html`
  <form class="filters" method="get" action="/runs" aria-label="Filter runs">
    ${renderSelect('status', 'Status', toStatusOptions(typed.status), typed.status)}
    ${renderSelect('service', 'Service or stack', toOptions(subjects, typed.service), typed.service)}
    ${renderSelect('environment', 'Environment', toOptions(environments, typed.environment), typed.environment)}
    <label>Requested by<input name="requester" value="${typed.requester ?? ''}" placeholder="anyone" list="run-requesters" autocomplete="off" maxlength="200"></label>
    <datalist id="run-requesters">${people.map((id) => html`<option value="${id}"></option>`)}</datalist>
    ${renderTimeField('since', 'Since', typed, '7d or a date')}
    ${renderTimeField('until', 'Until', typed, 'a date')}
    <button class="button plain">Filter</button>
    ${Object.keys(typed).length === 0 ? nothing : html`<a class="button quiet" href="/runs">Clear</a>`}
  </form>`;
